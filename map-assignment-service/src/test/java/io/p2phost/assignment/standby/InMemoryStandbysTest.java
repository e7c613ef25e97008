package io.p2phost.assignment.standby;

class InMemoryStandbysTest extends StandbysContract {
    private final Standbys standbys = new InMemoryStandbys();

    @Override
    protected Standbys standbys() {
        return standbys;
    }
}
