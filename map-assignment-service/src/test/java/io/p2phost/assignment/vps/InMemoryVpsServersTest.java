package io.p2phost.assignment.vps;

class InMemoryVpsServersTest extends VpsServersContract {
    private final VpsServers servers = new InMemoryVpsServers();

    @Override
    protected VpsServers servers() {
        return servers;
    }
}
