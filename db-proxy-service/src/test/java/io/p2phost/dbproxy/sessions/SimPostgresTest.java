package io.p2phost.dbproxy.sessions;

import java.time.Instant;

class SimPostgresTest extends SessionStoreContract {
    private final SimPostgres postgres = new SimPostgres(() -> Instant.EPOCH, 1);

    @Override
    protected SessionStore instance() {
        return postgres.new Instance();
    }
}
