package io.p2phost.links.tunnel;

import io.netty.channel.EventLoop;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import io.p2phost.links.CloseReason;
import io.p2phost.links.RoundTrip;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.frame.SourceAddress;
import io.p2phost.links.mux.KeptStreams;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.mux.Tokens;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel as the relay holds it: one connection that leads, some beside it, each of which may break and come back, or
 * be replaced by another. All on one loop, where not said otherwise.
 */
final class HostTunnel implements Tunnel {
    private final TunnelServer server;
    private final HostId host;
    private final EventLoop loop;
    private final Lane leads = new Lane();
    private final List<Lane> lanes = new CopyOnWriteArrayList<>(List.of(leads));
    private volatile @Nullable TunnelServerConnection last;
    private volatile boolean up;
    private boolean over;
    /** Another process has had it before. */
    private boolean carried;

    HostTunnel(TunnelServer server, HostId host, EventLoop loop) {
        this.server = server;
        this.host = host;
        this.loop = loop;
    }

    /** One connection, or the streams of one that broke. */
    final class Lane {
        private volatile @Nullable TunnelServerConnection connection;
        private volatile @Nullable KeptStreams kept;
        private Tokens tokens = new Tokens(ResumeToken.NONE, ResumeToken.NONE);

        HostTunnel tunnel() {
            return HostTunnel.this;
        }

        boolean leads() {
            return this == leads;
        }

        private boolean resumedBy(ResumeToken token) {
            TunnelServerConnection standing = connection;
            return (standing == null ? tokens : standing.tokens()).fit(token);
        }

        private int streams() {
            TunnelServerConnection standing = connection;
            KeptStreams waiting = kept;
            return standing != null ? standing.streams() : waiting != null ? waiting.size() : 0;
        }

        private @Nullable TunnelServerConnection forNewStreams() {
            TunnelServerConnection standing = connection;
            return standing != null && (leads() || standing.hasSpoken()) ? standing : null;
        }

        /** Another connection takes its place, and takes its streams; null when it is the first. */
        @Nullable
        KeptStreams carriedBy(TunnelServerConnection next) {
            TunnelServerConnection before = connection;
            KeptStreams streams = kept;
            connection = next;
            kept = null;
            return before == null ? streams : before.handOver();
        }

        /** The connection works: whatever was said on the one before may be lost. */
        void works(boolean resumed) {
            if (leads()) {
                last = connection;
            }
            up = last != null;
            if (!resumed && leads()) {
                server.took(HostTunnel.this);
                server.listener().connected(HostTunnel.this);
            } else if (leads()) {
                server.listener().resumed(HostTunnel.this);
            }
        }

        void keep(TunnelServerConnection broken, KeptStreams streams) {
            tokens = broken.tokens();
            keep(streams);
        }

        private void keep(KeptStreams streams) {
            kept = streams;
            streams.after(server.options().resumeWithin(), () -> {
                if (kept == streams) {
                    giveUp(this, CloseReason.PEER_CLOSED);
                }
            });
        }

        /** Its connection is over; its streams wait, or are over too. */
        void ended(TunnelServerConnection ended, CloseReason reason) {
            if (connection != ended) {
                return;
            }
            connection = null;
            if (kept == null) {
                giveUp(this, reason);
            }
            if (!over && up && lanes.stream().allMatch(lane -> lane.connection == null)) {
                up = false;
                server.listener().broken(HostTunnel.this);
            }
        }
    }

    private void giveUp(Lane lane, CloseReason reason) {
        if (lane.leads()) {
            end(reason, reason == CloseReason.REPLACED ? GoAwayCode.REPLACED : GoAwayCode.SHUTDOWN);
            return;
        }
        lanes.remove(lane);
        lose(lane, reason);
    }

    private static void lose(Lane lane, CloseReason reason) {
        KeptStreams streams = lane.kept;
        lane.kept = null;
        if (streams != null && reason == CloseReason.CUT) {
            streams.cut();
        } else if (streams != null) {
            streams.lose();
        }
    }

    // ---- from one process to the next ----

    /** Ends its connections; their hosts come back at once. Nobody is told, and nothing is given up before {@link #goOn}. */
    void pause() {
        up = false;
        for (Lane lane : lanes) {
            TunnelServerConnection standing = lane.connection;
            if (standing != null) {
                lane.connection = null;
                lane.tokens = standing.tokens();
                lane.kept = standing.makeWay();
            }
        }
    }

    /** As another process takes it on, once it is paused; the streams that have a name with it. */
    TunnelImage image(ToIntFunction<LinkStream> names) {
        List<TunnelImage.Lane> images = new ArrayList<>();
        for (Lane lane : lanes) {
            KeptStreams streams = lane.kept;
            if (streams != null) {
                images.add(new TunnelImage.Lane(lane.leads(), lane.tokens, streams.image(names)));
            }
        }
        return new TunnelImage(host, remoteAddress() instanceof InetSocketAddress peer ? peer : null, images);
    }

    /** Nobody has taken it on: its host is waited for as after a break. */
    void goOn() {
        for (Lane lane : lanes) {
            KeptStreams streams = lane.kept;
            if (streams != null) {
                lane.keep(streams);
            }
        }
    }

    /** It was another process's until now. */
    void goOnFrom(TunnelImage image, IntFunction<@Nullable StreamListener> listeners) {
        carried = true;
        for (TunnelImage.Lane each : image.lanes()) {
            Lane lane = each.leads() ? leads : new Lane();
            if (!each.leads()) {
                lanes.add(lane);
            }
            lane.tokens = each.tokens();
            lane.keep(KeptStreams.of(
                    each.streams(), loop, server.options().settings(), server.metrics(), server.nanoTime(), listeners));
        }
    }

    /** How long nothing was heard on any of its connections; nothing while none stands. From any thread. */
    Optional<Duration> silence() {
        Optional<Duration> least = Optional.empty();
        for (Lane lane : lanes) {
            TunnelServerConnection standing = lane.connection;
            Optional<Duration> silence = standing == null ? Optional.empty() : standing.silence();
            if (silence.isPresent() && (least.isEmpty() || silence.get().compareTo(least.get()) < 0)) {
                least = silence;
            }
        }
        return least;
    }

    @Override
    public Optional<RoundTrip> measured() {
        return lanes.stream()
                .map(lane -> lane.connection)
                .filter(Objects::nonNull)
                .flatMap(standing -> standing.measured().stream())
                .min(Comparator.comparing(RoundTrip::time));
    }

    boolean isOver() {
        return over;
    }

    /** Ends all of it. */
    private void end(CloseReason reason, GoAwayCode code) {
        if (over) {
            return;
        }
        over = true;
        up = false;
        server.gone(this);
        for (Lane lane : lanes) {
            TunnelServerConnection standing = lane.connection;
            lane.connection = null;
            if (standing != null) {
                standing.cut(code, reason);
            }
            lose(lane, reason);
        }
        if (last != null || carried) {
            server.listener().lost(this, reason);
        }
    }

    /** Ends all of it, from any thread. */
    void cut(GoAwayCode code, CloseReason reason) {
        onLoop(() -> end(reason, code));
    }

    /** Whether its connections live on this loop: only they can take each other's place. Any thread. */
    boolean inLoop() {
        return loop.inEventLoop();
    }

    Lane leader() {
        return leads;
    }

    boolean leaderResumedBy(ResumeToken token) {
        return !over && leads.resumedBy(token);
    }

    /** Where a connection belongs that comes beside: in the place of another, or in a new one; null for neither. */
    @Nullable
    Lane beside(ResumeToken token) {
        if (over) {
            return null;
        }
        for (Lane lane : lanes) {
            if (!lane.leads() && lane.resumedBy(token)) {
                return lane;
            }
        }
        if (!leads.resumedBy(token) || lanes.size() >= server.options().connections()) {
            return null;
        }
        Lane lane = new Lane();
        lanes.add(lane);
        return lane;
    }

    private boolean onLoop(Runnable task) {
        if (inLoop()) {
            task.run();
            return true;
        }
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Does something on the loop, from any thread. */
    <T> CompletableFuture<T> submit(Supplier<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        boolean taken = onLoop(() -> {
            try {
                done.complete(task.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        if (!taken) {
            done.completeExceptionally(new IllegalStateException("the loop has ended"));
        }
        return done;
    }

    // ---- Tunnel ----

    @Override
    public HostId host() {
        return host;
    }

    @Override
    public boolean isUp() {
        return up;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        TunnelServerConnection connection = last;
        return connection == null ? null : connection.remoteAddress();
    }

    @Override
    public int streams() {
        return lanes.stream().mapToInt(Lane::streams).sum();
    }

    @Override
    public void assign(MapName map, Epoch epoch, CellRole role) {
        say(new Frame.Assign(map, epoch, role));
    }

    private void say(Frame frame) {
        onLoop(() -> {
            TunnelServerConnection leader = leads.connection;
            if (leader != null) {
                leader.say(frame);
            }
        });
    }

    @Override
    public void fence(MapName map, Epoch currentEpoch) {
        say(new Frame.Fenced(map, currentEpoch));
        onLoop(() -> {
            for (Lane lane : lanes) {
                TunnelServerConnection standing = lane.connection;
                KeptStreams waiting = lane.kept;
                if (standing != null) {
                    standing.reset(map, currentEpoch);
                } else if (waiting != null) {
                    waiting.resetAll(map, currentEpoch, ResetCode.FENCED);
                }
            }
        });
    }

    @Override
    public void open(MapName map, Epoch epoch, int source, Bytes first, StreamListener listener) {
        if (!SourceAddress.isLegal(source)) {
            throw new IllegalArgumentException("source: " + source + " (expected: 0, or of 127.64.0.0/10)");
        }
        // On the loop, where connections change: none that has just been replaced is chosen.
        if (!onLoop(() -> leastLoaded().open(map, epoch, source, first, listener))) {
            leastLoaded().open(map, epoch, source, first, listener);
        }
    }

    /**
     * One that works, or, without any, one that says so. Who comes beside must have spoken: when its welcome was lost, the
     * host gives it up for good.
     */
    private TunnelServerConnection leastLoaded() {
        return lanes.stream()
                .map(Lane::forNewStreams)
                .filter(Objects::nonNull)
                .min(Comparator.comparingInt(TunnelServerConnection::streams))
                .orElseGet(() -> Objects.requireNonNull(last, "tunnel: not connected yet"));
    }
}
