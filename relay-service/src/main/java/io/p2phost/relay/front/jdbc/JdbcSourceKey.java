package io.p2phost.relay.front.jdbc;

import io.p2phost.relay.front.SourceAddresses;
import io.p2phost.relay.front.SourceKey;
import java.security.SecureRandom;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcSourceKey implements SourceKey {
    private final JdbcClient jdbc;

    JdbcSourceKey(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whichever relay starts first makes it. */
    @Override
    public byte[] bytes() {
        byte[] fresh = new byte[SourceAddresses.KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        jdbc.sql("insert into source_key (id, key) values (1, ?) on conflict do nothing")
                .param(fresh)
                .update();
        return jdbc.sql("select key from source_key where id = 1")
                .query(byte[].class)
                .single();
    }
}
