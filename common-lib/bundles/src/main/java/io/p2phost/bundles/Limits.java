package io.p2phost.bundles;

/** How much a bundle may hold. A stock tree of one mode is about 60 MB in 1,500 files; a forged manifest ends here. */
public final class Limits {
    /** As many as gateway and registry take in one body. */
    public static final int MANIFEST_BYTES = 4 * 1024 * 1024;

    public static final int FILES = 20_000;
    public static final int MAPS = 2_000;
    public static final int SCRIPTS_PER_MAP = 2_000;
    public static final long FILE_BYTES = 256L * 1024 * 1024;
    public static final long TOTAL_BYTES = 512L * 1024 * 1024;

    private Limits() {}

    static void atMost(String what, long value, long most) {
        if (value < 0 || value > most) {
            throw new BundleException(what + ": " + value + " (expected: 0 to " + most + ")");
        }
    }
}
