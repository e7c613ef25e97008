package io.p2phost.registry.token;

class InMemoryUsedAssertionsTest extends UsedAssertionsContract {
    private final InMemoryUsedAssertions used = new InMemoryUsedAssertions();

    @Override
    protected UsedAssertions used() {
        return used;
    }
}
