package io.p2phost.dbproxy.sessions;

class InMemorySessionStoreTest extends SessionStoreContract {
    private final InMemorySessionStore.Table table = new InMemorySessionStore.Table();

    @Override
    protected SessionStore instance() {
        return new InMemorySessionStore(table);
    }
}
