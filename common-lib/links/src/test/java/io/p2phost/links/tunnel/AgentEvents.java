package io.p2phost.links.tunnel;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.GoAwayCode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a host hears of its tunnel; every map has the same cell. */
final class AgentEvents implements TunnelClientListener {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    volatile InetSocketAddress cell = new InetSocketAddress(0);

    String next() throws InterruptedException {
        return events.poll(30, TimeUnit.SECONDS);
    }

    @Override
    public void connected(String relayId) {
        events.add("connected " + relayId);
    }

    @Override
    public void assign(MapName map, Epoch epoch, CellRole role) {
        events.add("assign " + map + " " + epoch + " " + role);
    }

    @Override
    public void fenced(MapName map, Epoch currentEpoch) {
        events.add("fenced " + map + " " + currentEpoch);
    }

    @Override
    public OpenAnswer open(MapName map, Epoch epoch) {
        return OpenAnswer.accept(cell);
    }

    @Override
    public void cellUnreachable(MapName map, Epoch epoch) {
        events.add("unreachable " + map + " " + epoch);
    }

    @Override
    public void goAway(GoAwayCode code) {
        events.add("goaway " + code);
    }

    @Override
    public void disconnected(CloseReason reason, Duration nextAttempt) {
        events.add("disconnected " + reason);
    }
}
