package io.p2phost.dbproxy.engine;

import io.p2phost.contracts.HostId;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.Shed;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Players who go on through another relay than theirs. Any thread. */
public interface Carrying {
    /**
     * That relay does not reach the host any more: its players there are saved, and their clients told to connect to that
     * front.
     *
     * @return how many there are; empty when too much waits already
     */
    Optional<CompletableFuture<Integer>> carry(HostId host, String from, Outside.Front front);

    /**
     * Nothing is wrong, but that relay's players had better be at another, which is nearer to them, or stays: they are saved,
     * and their clients told to connect to that front.
     *
     * @param account only him; 0: whoever is there
     * @param most so many at once; the caller asks again
     * @return empty when too much waits already
     */
    Optional<CompletableFuture<Shed>> shed(String from, Outside.Front front, int account, int most);
}
