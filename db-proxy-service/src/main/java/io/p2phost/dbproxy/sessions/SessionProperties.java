package io.p2phost.dbproxy.sessions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How sessions are stored. All faults are reported at once and refuse the start.
 *
 * @param patience play waits this long for a session to be stored; longer makes a slow database felt, shorter risks that a
 *     restart finds an older state
 * @param maxPending players whose changes wait for a database that is away; beyond it the oldest are given up
 */
@ConfigurationProperties("p2p.db-proxy.sessions")
public record SessionProperties(
        @DefaultValue("500ms") Duration patience,
        @DefaultValue("20000") int maxPending) {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    public SessionProperties {
        List<String> faults = new ArrayList<>();
        if (patience.isNegative() || patience.isZero() || patience.compareTo(LONGEST) > 0) {
            faults.add("p2p.db-proxy.sessions.patience: " + patience + " (expected: above 0, at most 5 s)");
        }
        if (maxPending < 1) {
            faults.add("p2p.db-proxy.sessions.max-pending: " + maxPending + " (expected: >= 1)");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    /** For {@link SessionWriter}. */
    public SessionWriter.Settings settings() {
        return new SessionWriter.Settings(patience, maxPending);
    }
}
