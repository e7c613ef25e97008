package io.p2phost.assignment.failover;

class InMemoryFailoverRowsTest extends FailoverRowsContract {
    private final FailoverRows rows = new InMemoryFailoverRows();

    @Override
    protected FailoverRows rows() {
        return rows;
    }
}
