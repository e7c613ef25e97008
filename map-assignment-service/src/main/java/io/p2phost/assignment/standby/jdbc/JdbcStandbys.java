package io.p2phost.assignment.standby.jdbc;

import io.p2phost.assignment.standby.Standby;
import io.p2phost.assignment.standby.Standbys;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcStandbys implements Standbys {
    private static final String COLUMNS = "select map, epoch, host_id, since from map_standbys ";

    private final JdbcClient jdbc;

    JdbcStandbys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Standby> find(MapName map) {
        return jdbc.sql(COLUMNS + "where map = ?")
                .param(map.value())
                .query(JdbcStandbys::standby)
                .optional();
    }

    @Override
    public List<Standby> all() {
        return jdbc.sql(COLUMNS + "order by map").query(JdbcStandbys::standby).list();
    }

    @Override
    public boolean replace(@Nullable Standby before, Standby now) {
        if (before == null) {
            return jdbc.sql("insert into map_standbys (map, epoch, host_id, since) values (?, ?, ?, ?)"
                                    + " on conflict do nothing")
                            .params(
                                    now.map().value(),
                                    now.epoch().value(),
                                    now.host().value(),
                                    Timestamp.from(now.since()))
                            .update()
                    > 0;
        }
        return jdbc.sql("update map_standbys set epoch = ?, host_id = ?, since = ?"
                                + " where map = ? and host_id = ? and epoch = ?")
                        .params(
                                now.epoch().value(),
                                now.host().value(),
                                Timestamp.from(now.since()),
                                before.map().value(),
                                before.host().value(),
                                before.epoch().value())
                        .update()
                > 0;
    }

    @Override
    public boolean remove(Standby seen) {
        return jdbc.sql("delete from map_standbys where map = ? and host_id = ? and epoch = ?")
                        .params(
                                seen.map().value(),
                                seen.host().value(),
                                seen.epoch().value())
                        .update()
                > 0;
    }

    private static Standby standby(ResultSet rs, int row) throws SQLException {
        return new Standby(
                new MapName(rs.getString("map")),
                Epoch.of(rs.getLong("epoch")),
                HostId.of(rs.getString("host_id")),
                rs.getTimestamp("since").toInstant());
    }
}
