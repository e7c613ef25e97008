package io.p2phost.dbproxy.quarantine;

/** The contract, in memory. */
class InMemoryFindsTest extends FindsContract {
    private final InMemoryFinds finds = new InMemoryFinds(() -> NOW);

    @Override
    protected Finds finds() {
        return finds;
    }

    @Override
    protected void add(Find find) {
        finds.add(find);
    }
}
