package io.p2phost.relay.route.jdbc;

import io.p2phost.contracts.MapName;
import io.p2phost.relay.RelayProperties;
import io.p2phost.relay.route.PublicPorts;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcPublicPorts implements PublicPorts {
    private static final Logger log = LoggerFactory.getLogger(JdbcPublicPorts.class);

    private final JdbcClient jdbc;
    private final String relayId;
    private final int first;
    private final int last;

    JdbcPublicPorts(JdbcClient jdbc, RelayProperties properties) {
        this.jdbc = jdbc;
        this.relayId = properties.relayId();
        this.first = properties.firstFrontPort();
        this.last = properties.lastFrontPort();
    }

    @Override
    public OptionalInt portOf(MapName map) {
        // Each failed insert means that somebody else took that port, so there are at most as many rounds as ports.
        for (int round = 0; round <= last - first + 1; round++) {
            Optional<Integer> known = jdbc.sql("select port from public_ports where relay_id = ? and map = ?")
                    .params(relayId, map.value())
                    .query(Integer.class)
                    .optional();
            if (known.isPresent() && known.get() >= first && known.get() <= last) {
                return OptionalInt.of(known.get());
            }
            known.ifPresent(port -> giveBack(map, port));
            Optional<Integer> free = jdbc.sql("select min(p) from generate_series(?, ?) p where not exists"
                            + " (select 1 from public_ports where relay_id = ? and port = p)")
                    .params(first, last, relayId)
                    .query((rs, n) -> Optional.ofNullable(rs.getObject(1, Integer.class)))
                    .single();
            if (free.isEmpty()) {
                return OptionalInt.empty();
            }
            jdbc.sql("insert into public_ports (relay_id, map, port) values (?, ?, ?) on conflict do nothing")
                    .params(relayId, map.value(), free.get())
                    .update();
        }
        return OptionalInt.empty();
    }

    /** The operator took the port away from the relay: the map gets another one. */
    private void giveBack(MapName map, int port) {
        log.warn("map {}: port {} is outside of {} to {} now, the map gets another", map, port, first, last);
        jdbc.sql("delete from public_ports where relay_id = ? and map = ? and port = ?")
                .params(relayId, map.value(), port)
                .update();
    }

    @Override
    public Map<MapName, Integer> given() {
        Map<MapName, Integer> found = new HashMap<>();
        jdbc.sql("select map, port from public_ports where relay_id = ? and port between ? and ?")
                .params(relayId, first, last)
                .query(row -> {
                    found.put(new MapName(row.getString("map")), row.getInt("port"));
                });
        return found;
    }
}
