package io.p2phost.assignment.ownership;

class InMemoryMapStatesTest extends MapStatesContract {
    private final MapStates states = new InMemoryMapStates();

    @Override
    protected MapStates states() {
        return states;
    }
}
