package io.p2phost.dbproxy.ownership.jdbc;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.event.AssignmentChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.ownership.OwnerChange;
import io.p2phost.dbproxy.ownership.OwnerDecision;
import io.p2phost.kit.outbox.Audit;
import io.p2phost.kit.outbox.Envelopes;
import io.p2phost.kit.outbox.Outbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class JdbcMapOwners implements MapOwners {
    private static final String COLUMNS = "map, epoch, owner_kind, owner_id, owner_address";

    private final JdbcClient jdbc;
    private final Outbox outbox;
    private final Envelopes envelopes;
    private final Audit audit;
    private final Clock clock;

    JdbcMapOwners(JdbcClient jdbc, Outbox outbox, Envelopes envelopes, Audit audit, Clock clock) {
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.envelopes = envelopes;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    @Transactional
    public OwnerDecision compareAndSet(OwnerChange change) {
        // The row lock serialises writers of one map, so that its events leave in the order of its epochs.
        Optional<MapOwner> current = jdbc.sql("select " + COLUMNS + " from map_owner where map = ? for update")
                .param(change.map().value())
                .query(JdbcMapOwners::row)
                .optional();
        Epoch epoch = current.map(MapOwner::epoch).orElse(Epoch.NONE);
        if (!epoch.equals(change.fromEpoch())) {
            return new OwnerDecision.Stale(current.orElse(new MapOwner(change.map(), Epoch.NONE, null)));
        }
        MapOwner now = new MapOwner(change.map(), epoch.next(), change.owner());
        if (current.isEmpty() && !insert(now)) {
            return new OwnerDecision.Stale(find(change.map()).orElseThrow());
        }
        if (current.isPresent()) {
            update(now);
        }
        @Nullable Owner before = current.map(MapOwner::owner).orElse(null);
        outbox.append(
                Topics.ASSIGNMENTS,
                envelopes.of(
                        AssignmentChanged.TYPE,
                        now.map().value(),
                        now.epoch().value(),
                        new AssignmentChanged(now.map(), now.epoch(), now.owner(), before, change.cause())));
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("epoch", now.epoch().toString());
        detail.put("owner", String.valueOf(now.owner()));
        detail.put("previousOwner", String.valueOf(before));
        detail.put("cause", change.cause());
        audit.record(change.actor(), "owner.change", "map:" + now.map(), "ok", detail);
        return new OwnerDecision.Changed(now, current.orElse(null), List.of());
    }

    private boolean insert(MapOwner row) {
        return jdbc.sql("insert into map_owner (" + COLUMNS
                                + ", changed_at) values (?, ?, ?, ?, ?, ?) on conflict (map) do nothing")
                        .params(row.map().value(), row.epoch().value())
                        .params(ownerColumns(row.owner()))
                        .param(Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    private void update(MapOwner row) {
        jdbc.sql("update map_owner set owner_kind = ?, owner_id = ?, owner_address = ?, epoch = ?, changed_at = ?"
                        + " where map = ?")
                .params(ownerColumns(row.owner()))
                .params(
                        row.epoch().value(),
                        Timestamp.from(clock.instant()),
                        row.map().value())
                .update();
    }

    private static List<@Nullable Object> ownerColumns(@Nullable Owner owner) {
        return owner == null
                ? java.util.Arrays.asList(null, null, null)
                : java.util.Arrays.asList(owner.kind().name(), owner.id(), owner.address());
    }

    @Override
    public Optional<MapOwner> find(MapName map) {
        return jdbc.sql("select " + COLUMNS + " from map_owner where map = ?")
                .param(map.value())
                .query(JdbcMapOwners::row)
                .optional();
    }

    @Override
    public List<MapOwner> all() {
        return jdbc.sql("select " + COLUMNS + " from map_owner order by map")
                .query(JdbcMapOwners::row)
                .list();
    }

    private static MapOwner row(ResultSet rs, int n) throws SQLException {
        String kind = rs.getString(3);
        Owner owner = kind == null ? null : new Owner(Owner.Kind.valueOf(kind), rs.getString(4), rs.getString(5));
        return new MapOwner(new MapName(rs.getString(1)), Epoch.of(rs.getLong(2)), owner);
    }
}
