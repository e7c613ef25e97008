package io.p2phost.links.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a relay hears of its tunnels. */
final class RelayEvents implements TunnelServerListener {
    private final BlockingQueue<Tunnel> tunnels = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    Tunnel connected() throws InterruptedException {
        Tunnel tunnel = tunnels.poll(30, TimeUnit.SECONDS);
        assertThat(tunnel).as("a tunnel within 30 s").isNotNull();
        return tunnel;
    }

    boolean isQuiet() {
        return events.isEmpty();
    }

    String next() throws InterruptedException {
        return events.poll(30, TimeUnit.SECONDS);
    }

    @Override
    public void connected(Tunnel tunnel) {
        tunnels.add(tunnel);
    }

    @Override
    public void ready(Tunnel tunnel, MapName map, Epoch epoch, boolean ready, String detail) {
        events.add("ready " + map + " " + epoch + " " + ready + " " + detail);
    }

    @Override
    public void broken(Tunnel tunnel) {
        events.add("broken");
    }

    @Override
    public void resumed(Tunnel tunnel) {
        events.add("resumed");
    }

    @Override
    public void lost(Tunnel tunnel, CloseReason reason) {
        events.add("lost " + reason);
    }
}
