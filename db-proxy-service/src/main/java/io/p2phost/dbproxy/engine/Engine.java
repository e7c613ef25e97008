package io.p2phost.dbproxy.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.mux.EntryAnswer;
import io.p2phost.dbproxy.mux.EntryRequest;
import io.p2phost.dbproxy.mux.JournaledSaves;
import io.p2phost.dbproxy.mux.MapServer;
import io.p2phost.dbproxy.mux.Multiplexer;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.SavedGroup;
import io.p2phost.dbproxy.mux.ServerKey;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.dbproxy.mux.SessionState;
import io.p2phost.dbproxy.mux.Shed;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.ownership.Players;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.dbproxy.sessions.SessionWriter;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.net.Dialer;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.LoginAnswer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The multiplexer at work. */
public final class Engine
        implements EntryPoint, Players, Carrying, ReservePlayers, StandbyServers, Saved, AutoCloseable {
    /** Unsent bytes from which on a host's map-server is not listened to: forty full loads of a player. */
    static final int HOST_PAUSE = 4 << 20;

    /** Unsent bytes from which on it is cut: what it had asked for until then, for a full map. */
    static final int HOST_UNSENT = 16 << 20;

    /** For all of them together: whoever takes least is cut. */
    static final int ALL_HOSTS_UNSENT = 48 << 20;

    /**
     * Unsent bytes from which on one of the VPS's own servers is cut. Writers to the char-server are held up long before; the
     * reserve may be sent what hundreds of players load while a commit is slow.
     */
    static final int VPS_UNSENT = 64 << 20;

    private static final Logger log = LoggerFactory.getLogger(Engine.class);
    private static final Duration TICK = Duration.ofMillis(100);
    /** For the first packet of a map-server, which an honest one sends at once. */
    private static final Duration LOGIN = Duration.ofSeconds(5);

    private static final Duration RELEASE = Duration.ofSeconds(2);

    /** Players of a map-server that no relay reaches play nowhere until they are saved. */
    private static final Duration RECALL = Duration.ofMillis(150);

    private final EngineSettings settings;
    private final Parts parts;
    private final Dialer dialer;
    private final MuxLoop loop;
    private final SessionWriter sessions;
    private final Multiplexer mux;
    private final VpsSide vpsSide;
    private final OwnerWatch ownerWatch;
    private final Counter stuck;
    private final Timer settled;
    private final Timer lost;

    // On the loop only.
    private final Valve toCharServer = new Valve();
    private final Valve toCoresPlace = new Valve();
    private final Valve toCore = new Valve();
    private final OutputGate gate = new OutputGate();
    private final Crowd hosts;
    private final List<Release> releases = new ArrayList<>();
    private final Succession succession = new Succession(new Owners());
    private boolean unreachable;

    private volatile Consumer<CharLinkHello> stalled = hello -> {};
    private volatile Optional<String> reserveAddress = Optional.empty();
    private volatile boolean started;
    private volatile boolean upstreamUp;
    private volatile Optional<Instant> notStoredSince = Optional.empty();
    private volatile int heldUp;
    private volatile int heldPackets;
    private volatile int rareFinds;
    private volatile Map<MapName, Integer> directPlayers = Map.of();
    private volatile Map<MapName, Integer> reservePlayers = Map.of();
    private volatile Set<ServerKey.Cell> standbyServers = Set.of();
    private volatile Map<SessionState, Integer> sessionCounts = Map.of();
    private volatile Map<MapServer.Login, Integer> serverCounts = Map.of();

    /** A planned change that waits for final saves. */
    private record Release(MapName map, Instant until, CompletableFuture<Void> done) {}

    /** Who watches what map-servers write, e.g. for observations. */
    public interface Witness {
        Witness NONE = new Witness() {
            @Override
            public void violated(Outside.Violation violation) {}

            @Override
            public void saved(Outside.SaveSeen seen) {}
        };

        void violated(Outside.Violation violation);

        void saved(Outside.SaveSeen seen);
    }

    /**
     * What the engine needs from the rest.
     *
     * @param sessions makes the writer of sessions, whose answers run on that executor
     */
    public record Parts(
            LinkMetrics metrics,
            MapOwners owners,
            SessionStore store,
            Function<Executor, SessionWriter> sessions,
            Catalogue catalogue,
            Orders orders,
            Witness witness,
            InstantSource clock,
            MeterRegistry meters) {}

    public Engine(EngineSettings settings, Parts parts) {
        this.settings = settings;
        this.parts = parts;
        this.loop = new MuxLoop(TICK, parts.meters);
        this.hosts = new Crowd(ALL_HOSTS_UNSENT, settings.hostStalled(), loop);
        this.dialer = new Dialer(loop.transport(), settings.connectTimeout());
        this.sessions = parts.sessions.apply(loop);
        this.mux = new Multiplexer(settings.mux(), new Reach(), parts.store.secret(), parts.clock);
        this.vpsSide = new VpsSide(settings, loop.transport(), this::arriving, parts.metrics);
        this.ownerWatch = new OwnerWatch(parts.owners, this);
        this.stuck = parts.meters.counter("p2p_dbproxy_releases_late_total");
        this.settled = parts.meters.timer("p2p_dbproxy_transfers_seconds", "outcome", "taken");
        this.lost = parts.meters.timer("p2p_dbproxy_transfers_seconds", "outcome", "lost");
        parts.meters.gauge("p2p_dbproxy_transfers_held", this, engine -> engine.heldPackets);
        parts.meters.gauge("p2p_dbproxy_rare_finds_waiting", this, engine -> engine.rareFinds);
        parts.meters.gauge("p2p_dbproxy_upstream_up", this, Engine::isUpstreamUp);
        parts.meters.gauge("p2p_dbproxy_not_stored", this, engine -> engine.notStoredSince.isPresent() ? 1 : 0);
        parts.meters.gauge("p2p_dbproxy_map_servers_held_up", this, engine -> engine.heldUp);
        for (SessionState state : SessionState.values()) {
            parts.meters.gauge(
                    "p2p_dbproxy_sessions",
                    Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
                    this,
                    engine -> engine.sessionCounts.getOrDefault(state, 0));
        }
        for (MapServer.Login login : MapServer.Login.values()) {
            parts.meters.gauge(
                    "p2p_dbproxy_map_servers",
                    Tags.of("login", login.name().toLowerCase(Locale.ROOT)),
                    this,
                    engine -> engine.serverCounts.getOrDefault(login, 0));
        }
    }

    /**
     * Takes up what was before, listens for the VPS's map-servers, and connects.
     *
     * @param onDeath run when the multiplexer's thread dies of an error: only a new start helps then
     */
    public void start(Runnable onDeath) {
        vpsSide.start();
        // First: in a database that was restored it raises the epochs of the rows.
        AtomicLong last = new AtomicLong();
        SessionStore.Kept before;
        List<SavedGroup> saves;
        int entries;
        try (JournaledSaves journal = new JournaledSaves()) {
            before = parts.store.takeOver(entry -> {
                journal.add(entry.group());
                last.set(entry.sequence());
            });
            saves = journal.merged();
            entries = journal.entries();
        }
        List<MapOwner> rows = parts.owners.all();
        parts.catalogue.started(rows.stream()
                .filter(row -> row.owner() != null && row.map().announceable())
                .map(MapOwner::map)
                .collect(Collectors.toSet()));
        sessions.start(last.get());
        loop.start(this::tick, onDeath);
        loop.execute(() -> {
            mux.found(before.found());
            mux.start(before.sessions(), saves);
            rows.forEach(succession::begin);
        });
        ownerWatch.start(rows);
        started = true;
        log.info(
                "{} players in play, {} saves journaled, {} maps with owners",
                before.sessions().size(),
                entries,
                rows.size());
    }

    /** The port that the VPS's map-servers connect to, once started. */
    public int vpsPort() {
        return vpsSide.port();
    }

    /** Whether it cannot go on: its thread died, or another instance took the sessions over. */
    public boolean isOver() {
        return loop.isDead() || sessions.isTakenOver();
    }

    /** Unknown while the instance stands by. */
    private double isUpstreamUp() {
        return !started ? Double.NaN : upstreamUp ? 1 : 0;
    }

    /** What is wrong; empty when the char-server has accepted us and our maps, or there are none. */
    public Optional<String> problem() {
        if (loop.isDead()) {
            return Optional.of("the multiplexer died of an error (expected: a restart of this service)");
        }
        if (notStoredSince.isPresent()) {
            return Optional.of("its database does not take what is saved since " + notStoredSince.get());
        }
        return upstreamUp || !started || parts.catalogue.isEmpty()
                ? Optional.empty()
                : Optional.of("away: not logged in at the char-server");
    }

    /** Keeps the players' sessions. */
    public SessionWriter sessions() {
        return sessions;
    }

    @Override
    public void close() {
        vpsSide.close();
        ownerWatch.close();
        loop.close();
        sessions.close();
    }

    // ---- any thread ----

    @Override
    public Optional<CompletableFuture<EntryAnswer>> enter(EntryRequest request) {
        CompletableFuture<EntryAnswer> answer = new CompletableFuture<>();
        return loop.offer(() -> mux.enter(request, answer::complete)) ? Optional.of(answer) : Optional.empty();
    }

    @Override
    public Optional<Instant> notStoredSince() {
        return notStoredSince;
    }

    @Override
    public Optional<CompletableFuture<Boolean>> release(int character) {
        return asked(() -> mux.release(character));
    }

    @Override
    public Optional<CompletableFuture<Boolean>> discard(int character) {
        return asked(() -> mux.discard(character));
    }

    /** Rare items that are confirmed: their marks go. */
    public void confirmed(int account, int item, int amount) {
        loop.execute(() -> mux.confirmed(account, item, amount));
    }

    private Optional<CompletableFuture<Boolean>> asked(BooleanSupplier question) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        return loop.offer(() -> answer.complete(question.getAsBoolean())) ? Optional.of(answer) : Optional.empty();
    }

    @Override
    public boolean restartSeen(int account) {
        return loop.offer(() -> mux.restartSeen(account));
    }

    @Override
    public boolean connectionGone(int account, long number) {
        return loop.offer(() -> mux.connectionGone(account, number));
    }

    @Override
    public Optional<CompletableFuture<Boolean>> walked(int account, long number, MapName map, int x, int y) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        return loop.offer(() -> answer.complete(mux.walked(account, number, map, x, y)))
                ? Optional.of(answer)
                : Optional.empty();
    }

    @Override
    public Optional<CompletableFuture<Boolean>> gives(int account, long number) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        return loop.offer(() -> mux.gives(account, number, answer::complete)) ? Optional.of(answer) : Optional.empty();
    }

    @Override
    public boolean gave(int account) {
        return loop.offer(() -> mux.gave(account));
    }

    @Override
    public boolean took(int account, long number) {
        return loop.offer(() -> mux.took(account, number));
    }

    @Override
    public Optional<String> reserveAddress() {
        return reserveAddress;
    }

    @Override
    public Map<MapName, Integer> directPlayers() {
        return directPlayers;
    }

    @Override
    public Map<MapName, Integer> reservePlayers() {
        return reservePlayers;
    }

    @Override
    public Set<ServerKey.Cell> standbyServers() {
        return standbyServers;
    }

    @Override
    public void release(MapName map) {
        letGo(map, () -> mux.release(map), RELEASE);
    }

    @Override
    public void recall(MapName map) {
        letGo(map, () -> mux.recall(map), RECALL);
    }

    @Override
    public Optional<CompletableFuture<Integer>> carry(HostId host, String from, Outside.Front front) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        return loop.offer(() -> answer.complete(mux.carry(host, from, front))) ? Optional.of(answer) : Optional.empty();
    }

    @Override
    public Optional<CompletableFuture<Shed>> shed(String from, Outside.Front front, int account, int most) {
        CompletableFuture<Shed> answer = new CompletableFuture<>();
        return loop.offer(() -> answer.complete(mux.shed(from, front, account, most)))
                ? Optional.of(answer)
                : Optional.empty();
    }

    private void letGo(MapName map, Runnable how, Duration within) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            how.run();
            releases.add(new Release(map, parts.clock.instant().plus(within), done));
            loop.transport()
                    .group()
                    .schedule(() -> loop.execute(this::lookAtReleases), within.toMillis(), TimeUnit.MILLISECONDS);
        });
        try {
            done.get(within.plus(RELEASE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            stuck.increment();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stay(MapName map) {
        loop.execute(() -> mux.stay(map));
    }

    @Override
    public void ownerWillBe(MapOwner owner) {
        loop.execute(() -> succession.willBe(owner));
    }

    @Override
    public void ownerIs(MapOwner owner) {
        loop.execute(() -> succession.is(owner));
    }

    /** A cell connected inside its char link: who takes its bytes. */
    public StreamListener cell(CharLinkHello hello) {
        ServerKey key = new ServerKey.Cell(hello.host(), hello.map(), hello.epoch());
        boolean standby = hello.role() == CellRole.STANDBY;
        return new StreamTransport(transport -> new Arrival(packet -> Optional.of(key), standby)
                .peer(
                        "map-server of " + hello.map() + " on host " + hello.host(),
                        transport,
                        new Peer.Patience(HOST_PAUSE, HOST_UNSENT, hosts, () -> stalled.accept(hello))));
    }

    /** Sets who ends the char link of a host that takes nothing of what is sent to its map-server. */
    public void onStalled(Consumer<CharLinkHello> listener) {
        stalled = listener;
    }

    // ---- on the loop ----

    private void tick() {
        mux.tick();
        sessions.tick();
        parts.catalogue.changed(parts.clock.instant()).ifPresent(mux::eligibleMaps);
        toCharServer.look();
        toCoresPlace.look();
        toCore.look();
        heldUp = toCharServer.waiting() + toCoresPlace.waiting();
        upstreamUp = mux.isUp();
        notStoredSince = mux.notStoredSince();
        reserveAddress = mux.reserveAddress().map(at -> at.dotted() + ":" + at.port());
        directPlayers = mux.directPlayers();
        reservePlayers = mux.reservePlayers();
        standbyServers = mux.standbyServers();
        heldPackets = mux.heldPackets();
        rareFinds = mux.foundWaiting();
        sessionCounts = mux.sessionCounts();
        serverCounts = mux.serverCounts();
        lookAtReleases();
        succession.tick();
        hosts.look(System.nanoTime());
    }

    private void lookAtReleases() {
        releases.removeIf(this::isOver);
    }

    private boolean isOver(Release release) {
        boolean late = !parts.clock.instant().isBefore(release.until);
        if (late || mux.playersOn(release.map) == 0) {
            if (late) {
                stuck.increment();
            }
            release.done.complete(null);
            return true;
        }
        return false;
    }

    /** The servers of owners, as the multiplexer has them. */
    private final class Owners implements Succession.Servers {
        @Override
        public boolean isThere(MapOwner owner) {
            return mux.isThere(server(owner));
        }

        @Override
        public boolean reserveIsReady() {
            return mux.isReady(ServerKey.RESERVE);
        }

        @Override
        public void owned(MapOwner owner) {
            mux.ownerChanged(owner.map(), owner.epoch(), server(owner));
        }

        @Override
        public void bridge(MapName map) {
            mux.bridge(map);
        }

        @Override
        public void release(MapName map, Runnable then) {
            CompletableFuture<Void> released = new CompletableFuture<>();
            mux.release(map);
            releases.add(new Release(map, parts.clock.instant().plus(RELEASE), released));
            released.thenRun(() -> loop.guarded(then));
        }

        @Override
        public void stay(MapName map) {
            mux.stay(map);
        }
    }

    private static ServerKey server(MapOwner row) {
        Owner owner = row.owner();
        return owner != null && owner.isHost()
                ? new ServerKey.Cell(HostId.of(owner.id()), row.map(), row.epoch())
                : ServerKey.RESERVE;
    }

    private SocketTransport arriving(Channel channel) {
        SocketTransport transport = new SocketTransport(channel);
        Arrival arrival = new Arrival(vpsSide::identify, false);
        transport.open(
                arrival.peer("map-server at " + channel.remoteAddress(), transport, Peer.Patience.until(VPS_UNSENT)));
        channel.eventLoop().schedule(() -> loop.execute(arrival::expire), LOGIN.toMillis(), TimeUnit.MILLISECONDS);
        return transport;
    }

    /** A map-server's connection; it is one of ours once its first packet says which. */
    private final class Arrival {
        private final Function<Packet, Optional<ServerKey>> identify;
        private final boolean standby;
        private @Nullable Peer peer;
        private @Nullable MapServer server;

        Arrival(Function<Packet, Optional<ServerKey>> identify, boolean standby) {
            this.identify = identify;
            this.standby = standby;
        }

        Peer peer(String name, Transport transport, Peer.Patience patience) {
            Peer made =
                    new Peer(name, loop, transport, InterLengths.fromMapServer(), patience, this::packet, this::closed);
            peer = made;
            return made;
        }

        private void packet(Packet packet) {
            if (server == null) {
                first(packet);
            }
            if (server != null) {
                mux.fromServer(server, packet);
                if (!releases.isEmpty()) {
                    // A final save may be what a change waits for.
                    lookAtReleases();
                }
            }
        }

        private void first(Packet packet) {
            Peer from = Objects.requireNonNull(peer);
            Optional<ServerKey> key = identify.apply(packet);
            if (key.isEmpty()) {
                from.send(LoginAnswer.refuse().packet());
                from.close("is none of ours: wrong user or password, or no login at all");
                return;
            }
            boolean core = key.get() instanceof ServerKey.Core;
            from.writesTo(core ? toCoresPlace : toCharServer);
            if (!core) {
                from.behind(gate);
            }
            server = mux.serverOpened(key.get(), standby, from);
            if (core) {
                toCore.watch(from.transport());
            }
        }

        private void expire() {
            if (server == null && peer != null) {
                peer.close("did not log in within " + LOGIN);
            }
        }

        private void closed() {
            if (server != null) {
                mux.serverClosed(server);
            }
        }
    }

    // ---- the char-server ----

    private void dial(Outside.Slot slot) {
        EventLoop on = loop.transport().group().next();
        // Names are looked up, which may take its time.
        Thread.ofVirtual().name("dial-char-server").start(() -> {
            InetSocketAddress address = settings.charServer().apply(slot);
            on.execute(() -> dial(slot, on, address));
        });
    }

    private void dial(Outside.Slot slot, EventLoop on, InetSocketAddress address) {
        Dialed outcome = new Dialed(slot, address);
        Channel channel = dialer.dial(on, address, outcome);
        SocketTransport transport = new SocketTransport(channel);
        channel.pipeline().addLast(transport);
        outcome.transport = transport;
    }

    private final class Dialed implements Dialer.Dialed {
        private final Outside.Slot slot;
        private final InetSocketAddress address;
        private @Nullable SocketTransport transport;

        Dialed(Outside.Slot slot, InetSocketAddress address) {
            this.slot = slot;
            this.address = address;
        }

        @Override
        public void connected() {
            SocketTransport to = Objects.requireNonNull(transport);
            loop.execute(() -> {
                Valve valve = slot == Outside.Slot.CORE ? toCoresPlace : toCharServer;
                Peer peer = new Peer(
                        "char-server (" + slot + ")",
                        loop,
                        to,
                        InterLengths.fromCharServer(),
                        Peer.Patience.until(VPS_UNSENT),
                        packet -> mux.fromUpstream(slot, packet),
                        () -> {
                            valve.watch(null);
                            mux.upstreamClosed(slot);
                        });
                if (slot == Outside.Slot.CORE) {
                    peer.writesTo(toCore);
                } else {
                    peer.behind(gate);
                }
                valve.watch(to);
                unreachable = false;
                mux.upstreamOpened(slot, peer);
                to.open(peer);
            });
        }

        @Override
        public void failed(Throwable cause) {
            loop.execute(() -> {
                if (!unreachable) {
                    unreachable = true;
                    log.warn("char-server at {} cannot be reached, tried again: {}", address, cause.getMessage());
                }
                mux.upstreamClosed(slot);
            });
        }
    }

    /** What the multiplexer asks. */
    private final class Reach implements Outside {
        @Override
        public void dial(Slot slot) {
            Engine.this.dial(slot);
        }

        @Override
        public void keep(SessionRow row, Runnable done) {
            sessions.keep(row, done);
        }

        @Override
        public void forget(int account, long number) {
            sessions.forget(account, number);
        }

        @Override
        public void journal(SavedGroup group, Runnable written) {
            long number = gate.journal();
            sessions.append(group, () -> gate.free(number), written);
        }

        @Override
        public void together(Runnable action) {
            sessions.together(action);
        }

        @Override
        public void settled(Settled outcome, Duration took) {
            (outcome == Settled.TAKEN ? settled : lost).record(took);
        }

        @Override
        public void setAside(int character) {
            log.warn(
                    "character {}: what was saved of him is set aside: somebody has older data, or the database does not take it",
                    character);
            sessions.setAside(character);
        }

        @Override
        public void applied(int character) {
            sessions.applied(character);
        }

        @Override
        public void decide(MapName map, int account, @Nullable String relay) {
            parts.orders.decide(map, account, relay);
        }

        @Override
        public void rehome(Rehome rehome) {
            parts.orders.rehome(
                    rehome,
                    reserveAddress,
                    () -> connectionGone(rehome.account(), rehome.number()),
                    () -> loop.offer(() -> mux.relayUntold(rehome.account(), rehome.number())));
        }

        @Override
        public void release(String relay, int account, long number) {
            parts.orders.release(relay, account, number);
        }

        @Override
        public void kick(String relay, int account, long number) {
            parts.orders.kick(relay, account, number);
        }

        @Override
        public void violated(Violation violation) {
            parts.witness.violated(violation);
        }

        @Override
        public void saved(SaveSeen seen) {
            parts.witness.saved(seen);
        }

        @Override
        public void found(Found found) {
            sessions.found(found);
        }
    }
}
