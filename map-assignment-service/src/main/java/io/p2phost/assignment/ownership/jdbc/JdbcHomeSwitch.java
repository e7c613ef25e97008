package io.p2phost.assignment.ownership.jdbc;

import io.p2phost.assignment.ownership.HomeSwitch;
import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcHomeSwitch implements HomeSwitch {
    private final JdbcClient jdbc;
    private final Clock clock;

    JdbcHomeSwitch(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public boolean on() {
        return jdbc.sql("select held from control_state where id = 1")
                .query(Boolean.class)
                .single();
    }

    @Override
    public void set(boolean on, String actor) {
        jdbc.sql("update control_state set held = ?, changed_by = ?, changed_at = ? where id = 1")
                .params(on, actor, Timestamp.from(clock.instant()))
                .update();
    }
}
