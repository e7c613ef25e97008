package io.p2phost.bundles;

/** A manifest, a release or a folder is not what it must be; the message is one line that says what and where. */
public final class BundleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BundleException(String message) {
        super(message);
    }

    public BundleException(String message, Throwable cause) {
        super(message, cause);
    }
}
