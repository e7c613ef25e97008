package io.p2phost.kit.tokens;

/** The token may be good: the registry's keys, which would tell, cannot be read now. Worth a retry (503). */
public final class KeysUnavailableException extends RuntimeException {
    public KeysUnavailableException(Throwable cause) {
        super("token: the registry's keys cannot be read now", cause);
    }
}
