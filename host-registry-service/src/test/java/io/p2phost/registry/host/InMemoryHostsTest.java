package io.p2phost.registry.host;

import java.util.function.Supplier;

class InMemoryHostsTest extends HostsContract {
    private final InMemoryHosts hosts = new InMemoryHosts();

    @Override
    protected Hosts hosts() {
        return hosts;
    }

    @Override
    protected <T> T inTransaction(Supplier<T> work) {
        return work.get();
    }
}
