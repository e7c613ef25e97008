package io.p2phost.relay.route.jdbc;

import io.p2phost.contracts.MapName;
import io.p2phost.relay.RelayProperties;
import io.p2phost.relay.route.PublicPorts;
import java.util.Optional;
import java.util.OptionalInt;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcPublicPorts implements PublicPorts {
    private final JdbcClient jdbc;
    private final RelayProperties properties;

    JdbcPublicPorts(JdbcClient jdbc, RelayProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    @Override
    public OptionalInt portOf(MapName map) {
        int ports = properties.lastFrontPort() - properties.firstFrontPort() + 1;
        // Each failed insert means that somebody else took that port, so there are at most as many rounds as ports.
        for (int round = 0; round <= ports; round++) {
            Optional<Integer> known = jdbc.sql("select port from public_ports where map = ?")
                    .param(map.value())
                    .query(Integer.class)
                    .optional();
            if (known.isPresent()) {
                return OptionalInt.of(known.get());
            }
            Optional<Integer> free = jdbc.sql("select min(p) from generate_series(?, ?) p"
                            + " where not exists (select 1 from public_ports where port = p)")
                    .params(properties.firstFrontPort(), properties.lastFrontPort())
                    .query((rs, n) -> Optional.ofNullable(rs.getObject(1, Integer.class)))
                    .single();
            if (free.isEmpty()) {
                return OptionalInt.empty();
            }
            jdbc.sql("insert into public_ports (map, port) values (?, ?) on conflict do nothing")
                    .params(map.value(), free.get())
                    .update();
        }
        return OptionalInt.empty();
    }
}
