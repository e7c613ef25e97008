package io.p2phost.agent.serving;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Tunnels and char links that do what a test says. */
public final class FakeLinks implements Tunnels, CharLinks {
    /** A char link that was accepted. */
    public static final class Link implements CharLink {
        public final MapName map;
        public final Epoch epoch;
        public final ClaimRole role;
        private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
        private volatile boolean over;
        private volatile Epoch fencedBy = Epoch.NONE;

        Link(MapName map, Epoch epoch, ClaimRole role) {
            this.map = map;
            this.epoch = epoch;
            this.role = role;
        }

        public void lose() {
            over = true;
            news.add(News.ENDED);
        }

        public void fence(Epoch current) {
            fencedBy = current;
            lose();
        }

        /** The map-server's login is answered. */
        public void serverLogsIn() {
            news.add(News.SERVER_LOGGED_IN);
        }

        /** The map-server hangs up; the link stands. */
        public void serverLeaves() {
            news.add(News.SERVER_LEFT);
        }

        public boolean closed() {
            return over;
        }

        @Override
        public News await() throws FencedException, InterruptedException {
            News next = news.take();
            if (next == News.ENDED && !fencedBy.equals(Epoch.NONE)) {
                throw new FencedException(fencedBy);
            }
            return next;
        }

        @Override
        public String charServerAddress() {
            return "127.0.0.1:6121";
        }

        @Override
        public void close() {
            lose();
        }
    }

    public final List<String> readiness = new CopyOnWriteArrayList<>();
    public final List<MapName> dropped = new CopyOnWriteArrayList<>();
    public final List<Link> links = new CopyOnWriteArrayList<>();
    public final Map<MapName, Epoch> current = new ConcurrentHashMap<>();
    public volatile boolean dbProxyDown;
    /** Whether map-servers log in by themselves as soon as they can. */
    public volatile boolean serversLogIn = true;

    public final AtomicInteger suspensions = new AtomicInteger();

    @Override
    public CharLink open(MapName map, Epoch epoch, ClaimRole role) throws FencedException, IOException {
        if (dbProxyDown) {
            throw new IOException("connection refused");
        }
        Epoch now = current.getOrDefault(map, epoch);
        if (!now.equals(epoch)) {
            throw new FencedException(now);
        }
        Link link = new Link(map, epoch, role);
        if (serversLogIn) {
            link.serverLogsIn();
        }
        links.add(link);
        return link;
    }

    @Override
    public String charServerAddress(MapName map) {
        return "127.0.0.1:6121";
    }

    @Override
    public void ready(MapName map, Epoch epoch, boolean ready, String detail) {
        readiness.add(map + ":" + epoch + ":" + ready + (detail.isEmpty() ? "" : ":" + detail));
    }

    @Override
    public void dropStreams(MapName map) {
        dropped.add(map);
    }

    @Override
    public void suspend() {
        suspensions.incrementAndGet();
    }

    @Override
    public void resume() {}

    @Override
    public int streams(MapName map) {
        return 2;
    }
}
