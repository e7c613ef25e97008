package io.p2phost.registry.relay.jdbc;

import io.p2phost.registry.relay.Relay;
import io.p2phost.registry.relay.Relays;
import java.sql.Timestamp;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcRelays implements Relays {
    private final JdbcClient jdbc;

    JdbcRelays(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void announce(Relay relay) {
        jdbc.sql("insert into relays (relay_id, region, host, tunnel_port, api_url, last_seen)"
                        + " values (:id, :region, :host, :port, :url, :seen)"
                        + " on conflict (relay_id) do update set region = excluded.region, host = excluded.host,"
                        + " tunnel_port = excluded.tunnel_port, api_url = excluded.api_url,"
                        + " last_seen = greatest(relays.last_seen, excluded.last_seen)")
                .param("id", relay.relayId())
                .param("region", relay.region())
                .param("host", relay.host())
                .param("port", relay.tunnelPort())
                .param("url", relay.apiUrl())
                .param("seen", Timestamp.from(relay.lastSeen()))
                .update();
    }

    @Override
    public List<Relay> all() {
        return jdbc.sql("select relay_id, region, host, tunnel_port, api_url, last_seen from relays order by relay_id")
                .query((row, n) -> new Relay(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getInt(4),
                        row.getString(5),
                        row.getTimestamp(6).toInstant()))
                .list();
    }
}
