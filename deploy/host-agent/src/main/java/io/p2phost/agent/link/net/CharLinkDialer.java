package io.p2phost.agent.link.net;

import io.netty.channel.ChannelException;
import io.p2phost.agent.link.HostPort;
import io.p2phost.agent.serving.CharLinks.CharLink;
import io.p2phost.agent.serving.CharLinks.FencedException;
import io.p2phost.agent.serving.CharLinks.News;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.charlink.CellDoor;
import io.p2phost.links.charlink.CharLinkClient;
import io.p2phost.links.charlink.CharLinkClientListener;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a char link's events into a wait: opening succeeds, is refused, or fails; later the link ends. The local ports at
 * which map-servers find their char-server stay open for as long as this runs, those that are known from its start on.
 */
final class CharLinkDialer {
    private static final Logger log = LoggerFactory.getLogger(CharLinkDialer.class);

    /** Connecting, TLS and the hello have deadlines of their own; this one only guards against a silent peer. */
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(12);

    private final LinkTransport transport;
    private final Map<MapName, Integer> ports;
    private final Map<MapName, CellDoor> doors = new ConcurrentHashMap<>();

    /** @param ports fixed local ports; other maps get a free one */
    CharLinkDialer(LinkTransport transport, Map<MapName, Integer> ports) {
        this.transport = transport;
        this.ports = Map.copyOf(ports);
        this.ports.keySet().forEach(map -> {
            try {
                door(map);
            } catch (IOException e) {
                log.warn("{}: {}, tried again when the map is assigned", map, e.getMessage());
            }
        });
    }

    private CellDoor door(MapName map) throws IOException {
        int port = ports.getOrDefault(map, 0);
        try {
            return doors.computeIfAbsent(
                    map,
                    any -> CellDoor.open(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        } catch (ChannelException e) {
            throw new IOException("no local port for the char link: " + e.getMessage(), e);
        }
    }

    /** The local port of that map, opened now if it is not yet. */
    String address(MapName map) throws IOException {
        return text(door(map));
    }

    private static String text(CellDoor door) {
        return door.address().getHostString() + ":" + door.address().getPort();
    }

    void close() {
        doors.values().forEach(CellDoor::close);
    }

    /** Opens the link and waits for db-proxy's answer. */
    Link open(HostPort dbProxy, RotatingTls tls, CharLinkHello hello)
            throws FencedException, IOException, InterruptedException {
        CellDoor door = door(hello.map());
        Link link = new Link(hello.map(), door);
        CharLinkClient client = new CharLinkClient(
                CharLinkClient.Options.of(InetSocketAddress.createUnresolved(dbProxy.host(), dbProxy.port()), hello),
                door,
                tls,
                transport,
                link,
                LinkMetrics.NONE);
        link.start(client);
        boolean accepted = false;
        try {
            link.awaitAnswer();
            accepted = true;
            return link;
        } finally {
            if (!accepted) {
                link.close();
            }
        }
    }

    /** What happened on a link; each at most once but the losses. */
    private sealed interface Event {
        record Accepted() implements Event {}

        record Fenced(Epoch currentEpoch) implements Event {}

        record Refused(RefusalReason reason, String detail) implements Event {}

        record Lost(CloseReason reason) implements Event {}

        /** The map-server's login was answered. */
        record ServerLoggedIn() implements Event {}

        /** The map-server's connection ended, the link stands. */
        record ServerLeft() implements Event {}

        record Closed() implements Event {}
    }

    /** One claim; the client under it reconnects by itself once it was accepted. */
    static final class Link implements CharLink, CharLinkClientListener {
        /** A link that flaps faster than anybody looks loses repeats of the same news, nothing else. */
        private static final int MAX_UNSEEN = 64;

        private final MapName map;
        private final BlockingQueue<Event> events = new LinkedBlockingQueue<>(MAX_UNSEEN);
        private final String address;
        private volatile Runnable closing = () -> {};

        Link(MapName map, CellDoor door) {
            this.map = map;
            this.address = text(door);
        }

        private void start(CharLinkClient client) {
            closing = client::close;
            client.start();
        }

        private void awaitAnswer() throws FencedException, IOException, InterruptedException {
            Event event = events.poll(ANSWER_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            switch (event) {
                case null -> throw new IOException("db-proxy does not answer");
                case Event.Accepted accepted -> log.info("{}: char-server at {}", map, address);
                case Event.Fenced fenced -> throw new FencedException(fenced.currentEpoch());
                case Event.Refused refused -> throw new IOException("db-proxy refuses: " + refused.detail());
                case Event.Lost lost -> throw new IOException("db-proxy: " + lost.reason());
                case Event.ServerLoggedIn early -> throw new IOException("db-proxy speaks out of turn");
                case Event.ServerLeft left -> throw new IOException("the map-server hung up");
                case Event.Closed closed -> throw new IOException("closed");
            }
        }

        @Override
        public News await() throws FencedException, InterruptedException {
            while (true) {
                switch (events.take()) {
                    case Event.Accepted accepted -> log.info("{}: char link is back", map);
                    case Event.Lost lost -> log.warn("{}: char link lost ({}), dialling again", map, lost.reason());
                    case Event.Fenced fenced -> throw new FencedException(fenced.currentEpoch());
                    case Event.Refused refused -> {
                        if (!refused.reason().retryable()) {
                            return News.ENDED;
                        }
                    }
                    case Event.ServerLoggedIn loggedIn -> {
                        return News.SERVER_LOGGED_IN;
                    }
                    case Event.ServerLeft left -> {
                        return News.SERVER_LEFT;
                    }
                    case Event.Closed closed -> {
                        return News.ENDED;
                    }
                }
            }
        }

        @Override
        public String charServerAddress() {
            return address;
        }

        @Override
        public void close() {
            tell(new Event.Closed());
            // Closing waits for the event loop; whoever asks may hold a lock that the loop's events need.
            Thread.ofVirtual().name("close-char-link").start(closing);
        }

        @Override
        public void accepted() {
            tell(new Event.Accepted());
        }

        @Override
        public void refused(RefusalReason reason, Epoch currentEpoch, String detail) {
            switch (reason) {
                case STALE_EPOCH, NOT_OWNER -> tell(new Event.Fenced(currentEpoch));
                default -> tell(new Event.Refused(reason, detail.isEmpty() ? reason.toString() : detail));
            }
        }

        @Override
        public void fenced(Epoch currentEpoch) {
            tell(new Event.Fenced(currentEpoch));
        }

        @Override
        public void disconnected(CloseReason reason, Duration nextAttempt) {
            tell(new Event.Lost(reason));
        }

        @Override
        public void cellAnswered() {
            tell(new Event.ServerLoggedIn());
        }

        @Override
        public void cellLeft() {
            tell(new Event.ServerLeft());
        }

        private void tell(Event event) {
            if (!events.offer(event)) {
                boolean weighty = event instanceof Event.Fenced || event instanceof Event.Closed;
                if (weighty) {
                    events.clear();
                    events.add(event);
                }
            }
        }
    }
}
