package io.p2phost.registry.token.jdbc;

import io.p2phost.contracts.HostId;
import io.p2phost.registry.token.UsedAssertions;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcUsedAssertions implements UsedAssertions {
    private final JdbcClient jdbc;

    JdbcUsedAssertions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public boolean markUsed(HostId host, String jti, Instant expiresAt) {
        // The primary key decides between two instances that get the same assertion at once.
        return jdbc.sql("insert into used_assertions (host_id, jti, expires_at) values (?, ?, ?)"
                                + " on conflict do nothing")
                        .params(UUID.fromString(host.value()), jti, Timestamp.from(expiresAt))
                        .update()
                == 1;
    }

    @Override
    public int countLive(HostId host, Instant now) {
        return jdbc.sql("select count(*) from used_assertions where host_id = ? and expires_at > ?")
                .params(UUID.fromString(host.value()), Timestamp.from(now))
                .query(Integer.class)
                .single();
    }

    @Override
    public int forgetExpired(Instant now) {
        return jdbc.sql("delete from used_assertions where expires_at <= ?")
                .params(Timestamp.from(now))
                .update();
    }
}
