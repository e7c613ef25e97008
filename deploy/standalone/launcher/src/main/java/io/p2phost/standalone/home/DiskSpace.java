package io.p2phost.standalone.home;

import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;

/** PostgreSQL and Kafka write from the first second: a start on a nearly full disk would end half-way. */
public final class DiskSpace {
    /** A new suite needs about 150 MB; the rest is room to work in. */
    public static final long NEEDED_BYTES = 512L << 20;

    private DiskSpace() {}

    public static void check(Home home) throws Refusal {
        try {
            check(home, Files.getFileStore(home.root()).getUsableSpace());
        } catch (IOException e) {
            throw new Refusal("Cannot read the free space of " + home.root() + ": " + e.getMessage() + ".", e);
        }
    }

    static void check(Home home, long usableBytes) throws Refusal {
        if (usableBytes < NEEDED_BYTES) {
            throw new Refusal(String.format(
                    Locale.ROOT,
                    "The disk that holds %s is full: %d MB free (expected: at least %d MB).",
                    home.root(),
                    usableBytes >> 20,
                    NEEDED_BYTES >> 20));
        }
    }
}
