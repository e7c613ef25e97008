package io.p2phost.metrics.history;

import io.p2phost.contracts.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The hosts' samples. */
public interface HostHistory {
    /** Keeps a sample; the same host and instant again is a no-op. */
    void add(HostSample sample);

    /** Buckets of a host's samples in {@code [from, to)}, oldest first; a bucket begins at {@code from} plus whole steps. */
    List<HistoryBucket> read(HostId host, Instant from, Instant to, Duration step);
}
