package io.p2phost.registry.relay;

class InMemoryRelaysTest extends RelaysContract {
    private final InMemoryRelays relays = new InMemoryRelays();

    @Override
    protected Relays relays() {
        return relays;
    }
}
