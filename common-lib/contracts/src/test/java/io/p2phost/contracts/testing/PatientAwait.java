package io.p2phost.contracts.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Every {@code await()} without times of its own waits long enough for a slow, busy machine, and looks soon and often at
 * first, so that what is there within milliseconds costs no more.
 */
public final class PatientAwait implements LauncherSessionListener {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_MILLIS = 100;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(PATIENCE);
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval((count, previous) -> previous.isZero()
                ? Duration.ofMillis(1)
                : Duration.ofMillis(Math.min(MOST_MILLIS, 2 * previous.toMillis())));
    }
}
