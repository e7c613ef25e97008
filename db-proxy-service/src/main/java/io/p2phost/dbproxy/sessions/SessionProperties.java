package io.p2phost.dbproxy.sessions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How sessions are stored. All faults are reported at once and refuse the start.
 *
 * @param patience play waits this long for a session to be stored; longer makes a slow database felt, shorter risks that a
 *     restart finds an older state
 * @param maxPending players whose changes wait for a database that is away; beyond it the oldest are given up
 * @param maxJournal bytes of saves that wait for a database that is away; beyond it the oldest are in memory only
 */
@ConfigurationProperties("p2p.db-proxy.sessions")
public record SessionProperties(
        @DefaultValue("500ms") Duration patience,
        @DefaultValue("20000") int maxPending,
        @DefaultValue("64MB") DataSize maxJournal) {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final DataSize LEAST_JOURNAL = DataSize.ofMegabytes(1);

    public SessionProperties {
        List<String> faults = new ArrayList<>();
        if (patience.isNegative() || patience.isZero() || patience.compareTo(LONGEST) > 0) {
            faults.add("p2p.db-proxy.sessions.patience: " + patience + " (expected: above 0, at most 5 s)");
        }
        if (maxPending < 1) {
            faults.add("p2p.db-proxy.sessions.max-pending: " + maxPending + " (expected: >= 1)");
        }
        if (maxJournal.compareTo(LEAST_JOURNAL) < 0) {
            faults.add("p2p.db-proxy.sessions.max-journal: " + maxJournal.toBytes() + " bytes (expected: >= 1 MB)");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    /** For {@link SessionWriter}. */
    public SessionWriter.Settings settings() {
        return new SessionWriter.Settings(patience, maxPending, maxJournal.toBytes());
    }
}
