package io.p2phost.assignment.failover;

import io.p2phost.assignment.failover.Failover.Decision;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows in memory. */
public final class InMemoryFailoverRows implements FailoverRows {
    private final Map<UUID, Row> rows = new LinkedHashMap<>();

    private static final class Row {
        private final UUID id = UUID.randomUUID();
        private final LossReport report;
        private final Instant startedAt;
        private final Map<MapName, Failover.Step> steps = new TreeMap<>();
        private @Nullable Decision decision;
        private @Nullable Instant notBefore;
        private @Nullable Instant finishedAt;

        Row(LossReport report, Instant startedAt) {
            this.report = report;
            this.startedAt = startedAt;
        }

        Failover view() {
            return new Failover(
                    id,
                    report.hostId(),
                    report.cause(),
                    report.reporter(),
                    startedAt,
                    decision,
                    notBefore,
                    new ArrayList<>(steps.values()));
        }
    }

    @Override
    public synchronized Failover open(LossReport report, Map<MapName, Epoch> maps, Instant now) {
        Row row = rows.values().stream()
                .filter(r -> r.finishedAt == null && r.report.hostId().equals(report.hostId()))
                .findFirst()
                .orElseGet(() -> {
                    Row fresh = new Row(report, now);
                    rows.put(fresh.id, fresh);
                    return fresh;
                });
        maps.forEach((map, epoch) -> {
            Failover.Step known = row.steps.get(map);
            if (known == null || known.fromEpoch().isBefore(epoch)) {
                row.steps.put(map, new Failover.Step(map, epoch, null, null));
            }
        });
        return row.view();
    }

    @Override
    public synchronized Failover decide(UUID failover, Decision decision, @Nullable Instant notBefore, Instant now) {
        Row row = rows.get(failover);
        boolean stronger = row.decision == null
                || row.decision.compareTo(decision) < 0
                || (row.decision == Decision.HOLD && decision == Decision.STAY);
        if (row.finishedAt == null && stronger) {
            row.decision = decision;
            row.notBefore = notBefore;
            row.finishedAt = decision == Decision.STAY ? now : null;
        }
        return row.view();
    }

    @Override
    public synchronized void done(UUID failover, MapName map, Epoch epoch, @Nullable Owner owner, Instant now) {
        Row row = rows.get(failover);
        row.steps.computeIfPresent(map, (name, step) -> new Failover.Step(map, step.fromEpoch(), epoch, owner));
    }

    @Override
    public void tried(UUID failover, MapName map) {}

    @Override
    public synchronized Failover close(UUID failover, Instant now) {
        Row row = rows.get(failover);
        if (row.finishedAt == null && row.steps.values().stream().allMatch(Failover.Step::done)) {
            row.finishedAt = now;
        }
        return row.view();
    }

    @Override
    public synchronized List<Failover> open(Instant startedBefore, Instant now, int limit) {
        return rows.values().stream()
                .filter(r -> r.finishedAt == null && r.startedAt.isBefore(startedBefore))
                .filter(r -> r.notBefore == null || !r.notBefore.isAfter(now))
                .limit(limit)
                .map(Row::view)
                .toList();
    }

    @Override
    public synchronized Map<HostId, Instant> lostSince(Instant since) {
        Map<HostId, Instant> lost = new HashMap<>();
        rows.values().stream()
                .filter(r -> r.startedAt.isAfter(since)
                        && r.report.cause() != LossReport.Cause.HOST_STATE
                        && r.decision != Decision.STAY)
                .forEach(r -> lost.merge(r.report.hostId(), r.startedAt, (a, b) -> a.isAfter(b) ? a : b));
        return lost;
    }

    @Override
    public synchronized int forget(Instant before, int limit) {
        List<UUID> old = rows.values().stream()
                .filter(r -> r.finishedAt != null && r.finishedAt.isBefore(before))
                .limit(limit)
                .map(r -> r.id)
                .toList();
        old.forEach(rows::remove);
        return old.size();
    }
}
