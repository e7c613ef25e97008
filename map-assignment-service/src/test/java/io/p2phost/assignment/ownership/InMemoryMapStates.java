package io.p2phost.assignment.ownership;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The rows in memory; one lock for all. */
public final class InMemoryMapStates implements MapStates {
    private final TreeMap<MapName, MapState> rows = new TreeMap<>();

    @Override
    public synchronized Optional<MapState> find(MapName map) {
        return Optional.ofNullable(rows.get(map));
    }

    @Override
    public synchronized List<MapState> page(@Nullable MapName after, int limit) {
        return (after == null ? rows : rows.tailMap(after, false))
                .values().stream().limit(limit).toList();
    }

    @Override
    public synchronized List<MapState> ofHost(HostId host) {
        return rows.values().stream().filter(row -> concerns(row, host)).toList();
    }

    private static boolean concerns(MapState row, HostId host) {
        Intent intent = row.intent();
        return row.ownedBy(host)
                || (intent != null && intent.owner() != null && intent.owner().isHost(host));
    }

    @Override
    public synchronized Claim claim(
            MapName map, Function<MapState, Optional<Wanted>> decide, Instant now, Instant staleBefore) {
        MapState state = rows.computeIfAbsent(map, MapState::unowned);
        Intent before = state.intent();
        if (before != null && before.at().isAfter(staleBefore)) {
            return new Claim.Busy(state);
        }
        Optional<Wanted> wanted = decide.apply(state);
        if (wanted.isEmpty()) {
            return new Claim.Declined(state);
        }
        Owner owner = wanted.get().owner();
        if (owner != null && owner.isHost()) {
            HostId host = HostId.of(owner.id());
            long others = rows.values().stream()
                    .filter(row -> !row.map().equals(map) && concerns(row, host))
                    .count();
            if (others >= wanted.get().slots()) {
                return new Claim.HostFull(state);
            }
        }
        Intent intent =
                new Intent(UUID.randomUUID(), owner, state.epoch(), wanted.get().cause(), now);
        return new Claim.Claimed(change(map, row -> with(row, intent)));
    }

    @Override
    public synchronized MapState settle(
            MapName map,
            UUID attempt,
            Epoch epoch,
            @Nullable Owner owner,
            List<Route> routes,
            @Nullable Instant readyDeadline,
            Instant now) {
        boolean lost = rows.computeIfAbsent(map, MapState::unowned).lostBy(attempt, epoch);
        abandon(map, attempt);
        return change(map, row -> {
            boolean newer = row.epoch().isBefore(epoch) || lost;
            boolean takeRoutes = !routes.isEmpty() && row.epoch().compareTo(epoch) <= 0;
            return new MapState(
                    map,
                    newer ? epoch : row.epoch(),
                    newer ? owner : row.owner(),
                    newer ? (owner == null ? null : now) : row.ownerSince(),
                    takeRoutes ? routes : row.routes(),
                    lost ? 0 : row.readyEpoch(),
                    lost ? 0 : row.failedEpoch(),
                    newer ? readyDeadline : row.readyDeadline(),
                    row.intent(),
                    row.lastEnteredAt(),
                    row.heldUntil());
        });
    }

    @Override
    public synchronized void abandon(MapName map, UUID attempt) {
        change(map, row -> {
            Intent intent = row.intent();
            return intent != null && intent.attempt().equals(attempt) ? with(row, null) : row;
        });
    }

    @Override
    public synchronized boolean adopt(MapName map, Epoch epoch, @Nullable Owner owner, Instant now) {
        MapState row = rows.computeIfAbsent(map, MapState::unowned);
        if (row.intent() != null || !row.epoch().isBefore(epoch)) {
            return false;
        }
        long ready = owner != null && owner.isHost() ? epoch.value() : row.readyEpoch();
        rows.put(
                map,
                new MapState(
                        map,
                        epoch,
                        owner,
                        now,
                        row.routes(),
                        ready,
                        row.failedEpoch(),
                        null,
                        null,
                        row.lastEnteredAt(),
                        row.heldUntil()));
        return true;
    }

    @Override
    public synchronized void readiness(MapName map, Epoch epoch, boolean ready) {
        if (rows.containsKey(map)) {
            change(
                    map,
                    row -> new MapState(
                            map,
                            row.epoch(),
                            row.owner(),
                            row.ownerSince(),
                            row.routes(),
                            ready ? Math.max(row.readyEpoch(), epoch.value()) : row.readyEpoch(),
                            ready ? row.failedEpoch() : Math.max(row.failedEpoch(), epoch.value()),
                            ready && row.epoch().equals(epoch) ? null : row.readyDeadline(),
                            row.intent(),
                            row.lastEnteredAt(),
                            row.heldUntil()));
        }
    }

    @Override
    public synchronized void entered(MapName map, Instant now) {
        MapState row = rows.get(map);
        Instant before = row == null ? null : row.lastEnteredAt();
        if (row != null && (before == null || before.isBefore(now.minusSeconds(10)))) {
            change(map, r -> times(r, now, r.heldUntil()));
        }
    }

    @Override
    public synchronized void hold(MapName map, @Nullable Instant until) {
        if (rows.containsKey(map)) {
            change(map, row -> times(row, row.lastEnteredAt(), until));
        }
    }

    @Override
    public synchronized List<MapState> unsettled(Instant now, Instant staleBefore, int limit) {
        return rows.values().stream()
                .filter(row -> left(row, staleBefore) || late(row, now))
                .limit(limit)
                .toList();
    }

    private static boolean left(MapState row, Instant staleBefore) {
        Intent intent = row.intent();
        return intent != null && intent.at().isBefore(staleBefore);
    }

    private static boolean late(MapState row, Instant now) {
        Instant deadline = row.readyDeadline();
        return row.hostOwned() && !row.ready() && (row.failed() || (deadline != null && deadline.isBefore(now)));
    }

    private MapState change(MapName map, UnaryOperator<MapState> change) {
        return Objects.requireNonNull(rows.computeIfPresent(map, (name, row) -> change.apply(row)));
    }

    private static MapState with(MapState row, @Nullable Intent intent) {
        return new MapState(
                row.map(),
                row.epoch(),
                row.owner(),
                row.ownerSince(),
                row.routes(),
                row.readyEpoch(),
                row.failedEpoch(),
                row.readyDeadline(),
                intent,
                row.lastEnteredAt(),
                row.heldUntil());
    }

    private static MapState times(MapState row, @Nullable Instant entered, @Nullable Instant held) {
        return new MapState(
                row.map(),
                row.epoch(),
                row.owner(),
                row.ownerSince(),
                row.routes(),
                row.readyEpoch(),
                row.failedEpoch(),
                row.readyDeadline(),
                row.intent(),
                entered,
                held);
    }
}
