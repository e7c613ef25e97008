package io.p2phost.assignment.config;

import java.util.function.Supplier;

/** Runs work in one transaction. */
public interface Transactions {
    /** No transactions: for tests on stores in memory. */
    Transactions NONE = new Transactions() {
        @Override
        public <T> T run(Supplier<T> work) {
            return work.get();
        }
    };

    <T> T run(Supplier<T> work);
}
