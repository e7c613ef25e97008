package io.p2phost.links.tunnel;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Backoff;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.Place;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.LinkSockets;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.Dialer;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A host's tunnel to one relay. Once started it stays connected as well as it can: attempts follow each other with
 * exponential backoff and jitter until {@link #close}. It begins with one connection; more come beside it as there are
 * more streams. Thread-safe; nothing blocks but {@link #close}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the schedule ends with the loop
public final class TunnelClient implements AutoCloseable {
    /** Streams on each connection before another comes beside them. */
    private static final int STREAMS_PER_CONNECTION = 8;

    /** How long a relay that did not take another connection is not asked for one. */
    private static final Duration JOIN_PAUSE = Duration.ofSeconds(5);

    private final Options options;
    private final TunnelClientListener listener;
    private final LinkMetrics metrics;
    private final EventLoop loop;
    private final Random random = new Random();
    private final Dialer dialer;
    private final DialPlaces places;
    private final LinkSockets sockets;
    private final LongSupplier nanoTime = System::nanoTime;
    private final ClientLane leads;
    private final List<ClientLane> lanes;

    private volatile boolean closed;
    private boolean started;
    private int mostLanes = 1;
    private long joinFrom;

    /**
     * How a client behaves.
     *
     * @param relay address of the relay's tunnel port; resolved anew at each attempt when it is unresolved
     * @param software name and version of this program, for the relay's log
     * @param firstRetry first step of the backoff
     * @param maxRetry last step of the backoff
     * @param resumeWithin how long the streams of a connection that broke wait for another
     * @param connections most connections; the relay may allow fewer
     */
    public record Options(
            InetSocketAddress relay,
            String software,
            LinkSettings settings,
            Duration firstRetry,
            Duration maxRetry,
            Duration resumeWithin,
            int connections) {
        public Options {
            if (connections < 1) {
                throw new IllegalArgumentException("connections: " + connections + " (expected: >= 1)");
            }
        }

        /** Retries from 200 ms to 5 s, the route lease to come back, four connections. */
        public static Options of(InetSocketAddress relay, String software) {
            return new Options(
                    relay,
                    software,
                    LinkSettings.defaults(),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(3),
                    4);
        }

        public Options withSettings(LinkSettings other) {
            return new Options(relay, software, other, firstRetry, maxRetry, resumeWithin, connections);
        }

        public Options withRetry(Duration first, Duration max) {
            return new Options(relay, software, settings, first, max, resumeWithin, connections);
        }

        public Options withResumeWithin(Duration time) {
            return new Options(relay, software, settings, firstRetry, maxRetry, time, connections);
        }

        public Options withConnections(int most) {
            return new Options(relay, software, settings, firstRetry, maxRetry, resumeWithin, most);
        }
    }

    /**
     * Makes a client.
     *
     * @param places of whoever dials this host's cells: its tunnels to all relays share them
     */
    public TunnelClient(
            Options options,
            RotatingTls tls,
            LinkTransport transport,
            DialPlaces places,
            TunnelClientListener listener,
            LinkMetrics metrics) {
        this.options = options;
        this.listener = listener;
        this.metrics = metrics;
        this.loop = transport.group().next();
        this.places = places;
        this.dialer = new Dialer(transport, options.settings().handshakeTimeout());
        this.sockets = new LinkSockets(transport, tls, options.settings().handshakeTimeout());
        this.leads = new ClientLane(this, Place.LEADS);
        this.lanes = new CopyOnWriteArrayList<>(List.of(leads));
    }

    /** Begins to connect; calling it again does nothing. */
    public void start() {
        loop.execute(() -> {
            if (!started) {
                started = true;
                leads.connect();
            }
        });
    }

    /** Whether the tunnel works now. */
    public boolean isConnected() {
        return leads.standing() != null;
    }

    /** Connections that stand now. */
    public int connections() {
        return (int) lanes.stream().filter(lane -> lane.standing() != null).count();
    }

    /**
     * Tells the relay whether this host's cell of the map can take players.
     *
     * @return false when there is no tunnel; say it again in {@link TunnelClientListener#connected}
     */
    public boolean ready(MapName map, Epoch epoch, boolean ready, String detail) {
        TunnelClientConnection leader = leads.standing();
        return leader != null && leader.tell(new Frame.Ready(map, epoch, ready, detail));
    }

    /** Streams of one map open now, those that wait for a new connection included. */
    public int streams(MapName map) {
        return lanes.stream().mapToInt(lane -> lane.streams(map)).sum();
    }

    /** Streams of all maps open now. */
    public int streams() {
        return lanes.stream().mapToInt(ClientLane::streams).sum();
    }

    /** Resets the map's streams that were opened below an epoch: this host no longer serves them. */
    public void drop(MapName map, Epoch below, ResetCode code) {
        try {
            loop.execute(() -> lanes.forEach(lane -> lane.drop(map, below, code)));
        } catch (RejectedExecutionException e) {
            // The transport is closed already, and the tunnel with it.
        }
    }

    /** Says goodbye and stops; waits until the connection is gone, a second at most. Not to be called on a loop. */
    @Override
    public void close() {
        closed = true;
        try {
            loop.submit(() -> lanes.forEach(ClientLane::close)).awaitUninterruptibly(1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            // The transport is closed already, and the tunnel with it.
        }
    }

    // ---- for lanes and connections, on the loop ----

    Options options() {
        return options;
    }

    TunnelClientListener listener() {
        return listener;
    }

    LinkMetrics metrics() {
        return metrics;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    Dialer dialer() {
        return dialer;
    }

    DialPlaces places() {
        return places;
    }

    boolean isClosed() {
        return closed;
    }

    Backoff newBackoff() {
        return new Backoff(options.firstRetry(), options.maxRetry(), random);
    }

    void dial(TunnelClientConnection connection) {
        sockets.connect(loop, options.relay(), connection);
    }

    Future<?> later(Runnable task, long millis) {
        return loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** Milliseconds until the keys change, more or less a tenth: hosts that came together do not change together. */
    long untilKeyChange(long period) {
        return period - period / 10 + random.nextLong(period / 5 + 1);
    }

    /** What a lane without streams shows to the relay: who comes beside names the one that leads. */
    ResumeToken tokenFor(Place place) {
        return place == Place.BESIDE ? leads.token() : ResumeToken.NONE;
    }

    void established(ClientLane lane, Frame.Welcome welcome) {
        if (lane == leads) {
            mostLanes = Math.min(options.connections(), welcome.connections());
            if (!welcome.resumed()) {
                // A new tunnel: the relay knows nothing of the others.
                List<ClientLane> others =
                        lanes.subList(1, lanes.size()).stream().toList();
                lanes.removeAll(others);
                others.forEach(ClientLane::close);
            }
            listener.connected(welcome.relayId());
        }
    }

    /** A lane beside the one that leads has come to nothing. */
    void without(ClientLane lane) {
        lane.close();
        lanes.remove(lane);
        joinFrom = nanoTime.getAsLong() + JOIN_PAUSE.toNanos();
    }

    /** A stream came: there may be reason for another connection. */
    void mayJoin() {
        boolean allStand = lanes.stream().allMatch(lane -> lane.standing() != null);
        if (allStand
                && lanes.size() < mostLanes
                && streams() >= STREAMS_PER_CONNECTION * lanes.size()
                && nanoTime.getAsLong() - joinFrom >= 0) {
            ClientLane lane = new ClientLane(this, Place.BESIDE);
            lanes.add(lane);
            lane.connect();
        }
    }
}
