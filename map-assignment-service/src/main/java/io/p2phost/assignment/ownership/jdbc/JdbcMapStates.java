package io.p2phost.assignment.ownership.jdbc;

import io.p2phost.assignment.ownership.Claim;
import io.p2phost.assignment.ownership.Intent;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.Route;
import io.p2phost.assignment.ownership.Wanted;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@Repository
class JdbcMapStates implements MapStates {
    private static final String COLUMNS = "select map, epoch, owner_kind, owner_id, owner_address, owner_since, routes,"
            + " ready_epoch, failed_epoch, ready_deadline, intent_attempt, intent_kind, intent_id, intent_address,"
            + " intent_from_epoch, intent_cause, intent_at, last_entered_at, held_until from p2p_maps ";
    private static final TypeReference<List<Route>> ROUTES = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final JsonMapper json;

    JdbcMapStates(JdbcClient jdbc, TransactionTemplate transactions, JsonMapper json) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.json = json;
    }

    @Override
    public Optional<MapState> find(MapName map) {
        return jdbc.sql(COLUMNS + "where map = ?")
                .param(map.value())
                .query(this::state)
                .optional();
    }

    @Override
    public List<MapState> page(@Nullable MapName after, int limit) {
        return jdbc.sql(COLUMNS + "where map > ? order by map limit ?")
                .params(after == null ? "" : after.value(), limit)
                .query(this::state)
                .list();
    }

    @Override
    public List<MapState> ofHost(HostId host) {
        return jdbc.sql(COLUMNS
                        + "where owner_id = :id or (intent_attempt is not null and intent_id = :id) order by map")
                .param("id", host.value())
                .query(this::state)
                .list();
    }

    @Override
    public Claim claim(MapName map, Function<MapState, Optional<Wanted>> decide, Instant now, Instant staleBefore) {
        return Objects.requireNonNull(transactions.execute(status -> {
            MapState state = locked(map, now);
            Intent before = state.intent();
            if (before != null && before.at().isAfter(staleBefore)) {
                return new Claim.Busy(state);
            }
            Optional<Wanted> wanted = decide.apply(state);
            if (wanted.isEmpty()) {
                return new Claim.Declined(state);
            }
            Owner owner = wanted.get().owner();
            if (owner != null
                    && owner.isHost()
                    && mapsOfOthers(map, owner.id()) >= wanted.get().slots()) {
                return new Claim.HostFull(state);
            }
            Intent intent = new Intent(
                    UUID.randomUUID(), owner, state.epoch(), wanted.get().cause(), now);
            write(map, intent, now);
            return new Claim.Claimed(locked(map, now));
        }));
    }

    /** Counts under a lock on the host, so that two maps cannot take its last slot at once. */
    private int mapsOfOthers(MapName map, String hostId) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 2))")
                .param(hostId)
                .query((rs, n) -> 0)
                .list();
        return jdbc.sql("select count(*) from p2p_maps where map <> :map and"
                        + " (owner_id = :id or (intent_attempt is not null and intent_id = :id))")
                .param("map", map.value())
                .param("id", hostId)
                .query(Integer.class)
                .single();
    }

    private void write(MapName map, Intent intent, Instant now) {
        Owner owner = intent.owner();
        jdbc.sql("update p2p_maps set intent_attempt = :attempt, intent_kind = :kind, intent_id = :id,"
                        + " intent_address = :address, intent_from_epoch = :from, intent_cause = :cause,"
                        + " intent_at = :at, last_update = :now where map = :map")
                .param("attempt", intent.attempt())
                .param("kind", kind(owner))
                .param("id", owner == null ? null : owner.id())
                .param("address", owner == null ? null : owner.address())
                .param("from", intent.fromEpoch().value())
                .param("cause", intent.cause())
                .param("at", Timestamp.from(intent.at()))
                .param("now", Timestamp.from(now))
                .param("map", map.value())
                .update();
    }

    @Override
    public MapState settle(
            MapName map,
            UUID attempt,
            Epoch epoch,
            @Nullable Owner owner,
            List<Route> routes,
            @Nullable Instant readyDeadline,
            Instant now) {
        return Objects.requireNonNull(transactions.execute(status -> {
            MapState state = locked(map, now);
            boolean lost = state.lostBy(attempt, epoch);
            if (state.epoch().isBefore(epoch) || lost) {
                jdbc.sql("update p2p_maps set epoch = :epoch, owner_kind = :kind, owner_id = :id,"
                                + " owner_address = :address, owner_since = :since, ready_deadline = :deadline,"
                                + " ready_epoch = case when :lost then 0 else ready_epoch end,"
                                + " failed_epoch = case when :lost then 0 else failed_epoch end,"
                                + " last_update = :now where map = :map")
                        .param("lost", lost)
                        .param("epoch", epoch.value())
                        .param("kind", kind(owner))
                        .param("id", owner == null ? null : owner.id())
                        .param("address", owner == null ? null : owner.address())
                        .param("since", owner == null ? null : Timestamp.from(now))
                        .param("deadline", time(readyDeadline))
                        .param("now", Timestamp.from(now))
                        .param("map", map.value())
                        .update();
            }
            if (!routes.isEmpty() && state.epoch().compareTo(epoch) <= 0) {
                jdbc.sql("update p2p_maps set routes = ? where map = ?")
                        .params(json.writeValueAsString(routes), map.value())
                        .update();
            }
            abandon(map, attempt);
            return locked(map, now);
        }));
    }

    @Override
    public void abandon(MapName map, UUID attempt) {
        jdbc.sql("update p2p_maps set intent_attempt = null, intent_kind = null, intent_id = null,"
                        + " intent_address = null, intent_from_epoch = null, intent_cause = null, intent_at = null"
                        + " where map = ? and intent_attempt = ?")
                .params(map.value(), attempt)
                .update();
    }

    @Override
    public boolean adopt(MapName map, Epoch epoch, @Nullable Owner owner, Instant now) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            insertIfMissing(map, now);
            // While an intent is on its way the answer to it tells more than an announcement does.
            return jdbc.sql("update p2p_maps set epoch = :epoch, owner_kind = :kind, owner_id = :id,"
                                    + " owner_address = :address, owner_since = :now, ready_deadline = null,"
                                    + " ready_epoch = case when :kind = 'HOST' then :epoch else ready_epoch end,"
                                    + " last_update = :now"
                                    + " where map = :map and epoch < :epoch and intent_attempt is null")
                            .param("epoch", epoch.value())
                            .param("kind", kind(owner))
                            .param("id", owner == null ? null : owner.id())
                            .param("address", owner == null ? null : owner.address())
                            .param("now", Timestamp.from(now))
                            .param("map", map.value())
                            .update()
                    > 0;
        }));
    }

    @Override
    public void readiness(MapName map, Epoch epoch, boolean ready) {
        String column = ready ? "ready_epoch" : "failed_epoch";
        jdbc.sql("update p2p_maps set " + column + " = greatest(" + column + ", :epoch),"
                        + " ready_deadline = case when :ready and epoch = :epoch then null else ready_deadline end"
                        + " where map = :map")
                .param("epoch", epoch.value())
                .param("ready", ready)
                .param("map", map.value())
                .update();
    }

    @Override
    public void entered(MapName map, Instant now) {
        // At most one write a map in ten seconds: it only matters to the minute.
        jdbc.sql("update p2p_maps set last_entered_at = ? where map = ?"
                        + " and (last_entered_at is null or last_entered_at < ?)")
                .params(Timestamp.from(now), map.value(), Timestamp.from(now.minusSeconds(10)))
                .update();
    }

    @Override
    public void hold(MapName map, @Nullable Instant until) {
        jdbc.sql("update p2p_maps set held_until = :until where map = :map")
                .param("until", time(until))
                .param("map", map.value())
                .update();
    }

    @Override
    public List<MapState> unsettled(Instant now, Instant staleBefore, int limit) {
        return jdbc.sql(COLUMNS + "where intent_at < :stale or (owner_kind = 'HOST' and ready_epoch <> epoch and"
                        + " (failed_epoch = epoch or ready_deadline < :now)) order by last_update limit :limit")
                .param("stale", Timestamp.from(staleBefore))
                .param("now", Timestamp.from(now))
                .param("limit", limit)
                .query(this::state)
                .list();
    }

    private MapState locked(MapName map, Instant now) {
        insertIfMissing(map, now);
        return jdbc.sql(COLUMNS + "where map = ? for update")
                .param(map.value())
                .query(this::state)
                .single();
    }

    private void insertIfMissing(MapName map, Instant now) {
        jdbc.sql("insert into p2p_maps (map, last_update) values (?, ?) on conflict do nothing")
                .params(map.value(), Timestamp.from(now))
                .update();
    }

    private MapState state(ResultSet rs, int row) throws SQLException {
        UUID attempt = rs.getObject("intent_attempt", UUID.class);
        Intent intent = attempt == null
                ? null
                : new Intent(
                        attempt,
                        owner(rs, "intent_kind", "intent_id", "intent_address"),
                        Epoch.of(rs.getLong("intent_from_epoch")),
                        rs.getString("intent_cause"),
                        Objects.requireNonNull(instant(rs, "intent_at")));
        return new MapState(
                new MapName(rs.getString("map")),
                Epoch.of(rs.getLong("epoch")),
                owner(rs, "owner_kind", "owner_id", "owner_address"),
                instant(rs, "owner_since"),
                json.readValue(rs.getString("routes"), ROUTES),
                rs.getLong("ready_epoch"),
                rs.getLong("failed_epoch"),
                instant(rs, "ready_deadline"),
                intent,
                instant(rs, "last_entered_at"),
                instant(rs, "held_until"));
    }

    private static @Nullable Owner owner(ResultSet rs, String kind, String id, String address) throws SQLException {
        String text = rs.getString(kind);
        return text == null ? null : new Owner(Owner.Kind.valueOf(text), rs.getString(id), rs.getString(address));
    }

    private static @Nullable String kind(@Nullable Owner owner) {
        return owner == null ? null : owner.kind().name();
    }

    private static @Nullable Timestamp time(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }

    private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
        Timestamp time = rs.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
