package io.p2phost.links.tunnel;

import io.p2phost.links.frame.ResetCode;
import java.net.InetSocketAddress;

/** What a host does with a stream that the relay opens. */
public sealed interface OpenAnswer {
    /** Connect it to the cell at this address. */
    record Accept(InetSocketAddress cell) implements OpenAnswer {}

    /** Refuse it. */
    record Reject(ResetCode code) implements OpenAnswer {}

    static OpenAnswer accept(InetSocketAddress cell) {
        return new Accept(cell);
    }

    /** Refuse it: this host does not serve that map at that epoch. */
    static OpenAnswer notServed() {
        return new Reject(ResetCode.NOT_SERVED);
    }
}
