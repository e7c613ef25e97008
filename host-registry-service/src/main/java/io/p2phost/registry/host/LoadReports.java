package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The newest load of each host in a session, and which of them others should hear: the first one, and later those that
 * differ enough, each host at most once per interval. Heartbeats between are telemetry only.
 */
public final class LoadReports {
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<HostId, Report> reports = new ConcurrentHashMap<>();

    public LoadReports(Duration interval, LongSupplier nanoTime) {
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Takes note of a load. */
    public void report(HostId host, Load load) {
        reports.merge(host, new Report(load, null, 0), (old, fresh) -> old.with(load));
    }

    /** Forgets a host whose session began or ended. */
    public void forget(HostId host) {
        reports.remove(host);
    }

    /** The loads that should be published now, those that waited longest first. */
    public Map<HostId, Load> due(int limit) {
        long now = nanoTime.getAsLong();
        Map<HostId, Load> due = new LinkedHashMap<>();
        reports.entrySet().stream()
                .filter(e -> e.getValue().isDue(now, intervalNanos))
                .sorted(Comparator.comparingLong(e -> e.getValue().publishedAt))
                .limit(limit)
                .forEach(e -> due.put(e.getKey(), e.getValue().latest));
        return due;
    }

    /** Takes note that these loads were published. */
    public void published(Map<HostId, Load> loads) {
        long now = nanoTime.getAsLong();
        loads.forEach((host, load) -> reports.computeIfPresent(host, (h, r) -> new Report(r.latest, load, now)));
    }

    /** How many hosts have reported a load. */
    public int size() {
        return reports.size();
    }

    private record Report(Load latest, @Nullable Load published, long publishedAt) {
        Report with(Load newest) {
            return new Report(newest, published, publishedAt);
        }

        boolean isDue(long now, long interval) {
            return published == null || (now - publishedAt >= interval && latest.differsFrom(published));
        }
    }
}
