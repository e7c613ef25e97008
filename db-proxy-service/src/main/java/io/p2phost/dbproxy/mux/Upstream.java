package io.p2phost.dbproxy.mux;

import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.KeepAlive;
import io.p2phost.ro.inter.LoginAnswer;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.OnlineUsers;
import io.p2phost.ro.inter.Presence;
import io.p2phost.ro.inter.SaveCharacter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The multiplexer's login at the char-server. After each login, in this order: saves the char-server may not have, a
 * barrier, who is in play, and only then the maps; before that a stock char-server lets nobody select a character, so
 * nobody can load a record that has saves pending. Core's login follows ours.
 */
final class Upstream {
    /** Requests of one player that wait for the char-server. */
    static final int MAX_WAITING = 64;

    private enum State {
        DOWN,
        DIALING,
        LOGGING_IN,
        REPLAYING,
        ANNOUNCING,
        UP,
        /** We closed it; its end is still to come. */
        CLOSING
    }

    private final World world;
    private final Greeting greeting;
    private final Set<PlayerSession> unproven = new HashSet<>();
    /** What was journaled before a restart of characters who are in play no longer. */
    private final Map<Integer, PendingSaves> strays = new LinkedHashMap<>();

    private final Deque<Instant> keepAlives = new ArrayDeque<>();
    private State state = State.DOWN;
    /** The connection at hand has been up. */
    private boolean wasUp;

    private @Nullable Wire wire;
    private Instant since;
    private long keepAlivesSent;
    private long keepAlivesAnswered;
    private long barrier;

    Upstream(World world, Greeting greeting) {
        this.world = world;
        this.greeting = greeting;
        this.since = world.now();
    }

    boolean isUp() {
        return state == State.UP;
    }

    void start(List<SavedGroup> journal) {
        journal.forEach(this::restore);
        dial();
    }

    private void restore(SavedGroup group) {
        PlayerSession session = world.sessions.character(group.character()).orElse(null);
        if (session == null) {
            strays.computeIfAbsent(group.character(), any -> new PendingSaves()).restore(group);
        } else if (session.state == SessionState.CORE) {
            // The char-server gave him to core behind it: what core has is newer.
            world.outside.applied(group.character());
        } else {
            session.pending.restore(group);
            session.finalSaveLost = false;
        }
    }

    /** Without maps there is nothing to log in for. */
    private void dial() {
        if (world.hasEligibleMaps()) {
            become(State.DIALING);
            world.outside.dial(Slot.MULTIPLEXER);
        }
    }

    /** A char-server takes one list of maps per login: with another, we log in anew. */
    void mapsChanged() {
        boolean announced = state == State.ANNOUNCING || state == State.UP;
        boolean connected = state == State.LOGGING_IN || state == State.REPLAYING;
        if (announced || (connected && !world.hasEligibleMaps())) {
            close("the eligible maps changed");
        }
    }

    private void close(String reason) {
        Wire open = wire;
        if (open != null) {
            become(State.CLOSING);
            open.close(reason);
        }
    }

    private void become(State next) {
        state = next;
        since = world.now();
    }

    // ---- what goes up ----

    /** Sends, if the char-server is there. */
    boolean send(Packet packet) {
        if (state != State.UP) {
            return false;
        }
        put(packet);
        return true;
    }

    /** A player's request: sent, or kept until the char-server is there. */
    void request(PlayerSession session, Packet packet) {
        if (!send(packet)) {
            if (session.waiting.size() < MAX_WAITING) {
                session.waiting.add(packet);
            }
            return;
        }
        sent(session, packet);
    }

    private static void sent(PlayerSession session, Packet request) {
        int load = SessionImage.keyOfLoad(request);
        if (load != 0) {
            session.asked.put(load, request);
        }
    }

    /**
     * An accepted group: on its way, and kept until a later keep-alive proves that it was read.
     *
     * @return for the journal; empty when too much waits already
     */
    Optional<SavedGroup> save(PlayerSession session, List<Packet> group) {
        Optional<List<Compressed>> kept = session.pending.add(group);
        if (kept.isPresent() && state == State.UP) {
            group.forEach(this::put);
            sentFor(session);
        }
        return kept.map(packets -> SavedGroup.of(session, packets));
    }

    /** A save outside the groups. */
    void saveOther(PlayerSession session, Packet packet) {
        world.outside.journal(SavedGroup.of(session, List.of(session.pending.addOther(packet))), () -> {});
        if (send(packet)) {
            sentFor(session);
        }
    }

    private void sentFor(PlayerSession session) {
        session.provenBy = keepAlivesSent + 1;
        unproven.add(session);
    }

    // ---- the connection ----

    void opened(Wire opened) {
        wire = opened;
        become(State.LOGGING_IN);
        if (!world.hasEligibleMaps()) {
            close("no map is eligible");
            return;
        }
        MuxSettings settings = world.settings;
        opened.send(MapServerLogin.of(
                        settings.user(),
                        settings.password(),
                        settings.front().ip(),
                        settings.front().port())
                .packet());
    }

    /** Whether it had been up. */
    boolean closed() {
        boolean was = wasUp;
        wasUp = false;
        wire = null;
        unproven.clear();
        keepAlives.clear();
        keepAlivesAnswered = keepAlivesSent;
        become(State.DOWN);
        return was;
    }

    /** The char-server's answer to our login; only 0 is a yes. */
    void loginAnswer(LoginAnswer answer) {
        if (state != State.LOGGING_IN) {
            return;
        }
        if (!answer.accepted()) {
            close("the char-server refuses the login (expected: its user and password, and a free place of two)");
            return;
        }
        become(State.REPLAYING);
        for (PlayerSession session : world.sessions.where(session -> !session.pending.isEmpty())) {
            replay(session);
        }
        strays.values().forEach(saves -> put(saves, true));
        barrier = keepAlive();
    }

    private void replay(PlayerSession session) {
        boolean gone = session.state == SessionState.PENDING_REPLAY;
        if (!gone) {
            // A save of somebody who is not online is dropped for one character in 256 (char_mapif.cpp).
            put(online(session));
        }
        put(session.pending, gone);
        sentFor(session);
    }

    private void put(PendingSaves saves, boolean gone) {
        saves.inOrder().forEach(packet -> {
            if (packet.id() == MapToChar.SAVE_CHARACTER) {
                new SaveCharacter(packet).quit(gone);
            }
            put(packet);
        });
    }

    void keepAliveAnswer() {
        keepAlives.poll();
        keepAlivesAnswered++;
        unproven.removeIf(session -> {
            boolean proven = session.provenBy <= keepAlivesAnswered;
            if (proven) {
                session.pending.clear();
                world.outside.applied(session.character);
                session.saved();
            }
            return proven;
        });
        if (state == State.REPLAYING && keepAlivesAnswered >= barrier) {
            strays.keySet().forEach(world.outside::applied);
            strays.clear();
            announce();
        }
    }

    private void announce() {
        become(State.ANNOUNCING);
        List<PlayerSession> ours = world.sessions.where(PlayerSession::isInPlayHere);
        put(users(ours));
        world.sessions.where(PlayerSession::isInPlay).forEach(session -> put(online(session)));
        put(MapList.of(world.eligibleMaps()).packet());
    }

    /** Our maps are announced: what has waited goes on. */
    void mapsAccepted(Packet packet) {
        greeting.accepted(packet);
        if (state != State.ANNOUNCING) {
            return;
        }
        become(State.UP);
        wasUp = true;
        for (PlayerSession session : world.sessions.where(any -> true)) {
            // Groups that came after the replay.
            if (!session.pending.isEmpty()) {
                session.pending.inOrder().forEach(this::put);
                sentFor(session);
            }
            if (session.state == SessionState.PLAYING && session.party != 0 && session.partyMove != null) {
                put(session.partyMove.copy());
            }
            while (state == State.UP && !session.waiting.isEmpty()) {
                Packet request = session.waiting.remove();
                put(request);
                sent(session, request);
            }
        }
    }

    // ---- time ----

    void tick() {
        MuxSettings.Timing timing = world.settings.timing();
        Instant now = world.now();
        switch (state) {
            case DOWN -> {
                if (!now.isBefore(since.plus(timing.retry()))) {
                    dial();
                }
            }
            case DIALING, CLOSING -> {
                // Ends by itself.
            }
            case LOGGING_IN, REPLAYING, ANNOUNCING -> {
                Duration allowed = state == State.REPLAYING ? timing.replay() : timing.silence();
                if (!now.isBefore(since.plus(allowed))) {
                    close("the char-server does not answer the login");
                } else if (state == State.REPLAYING && isKeepAliveDue(now)) {
                    // A replay may take minutes; a forwarder cuts a link on which nothing is sent for 4 s.
                    keepAlive();
                }
            }
            case UP -> {
                Instant oldest = keepAlives.peek();
                if (oldest != null && !now.isBefore(oldest.plus(timing.silence()))) {
                    close("the char-server does not answer keep-alives");
                } else if (!now.isBefore(since.plus(timing.keepAlive()))) {
                    since = now;
                    keepAlive();
                } else if (oldest == null && !unproven.isEmpty()) {
                    // The sooner it is known, the less is replayed after a restart.
                    keepAlive();
                }
            }
        }
    }

    private boolean isKeepAliveDue(Instant now) {
        Instant last = keepAlives.peekLast();
        return last == null || !now.isBefore(last.plus(world.settings.timing().keepAlive()));
    }

    /** The number of the keep-alive: its answer comes behind everything sent before it. */
    private long keepAlive() {
        if (wire != null) {
            keepAlives.add(world.now());
            keepAlivesSent++;
            put(KeepAlive.request());
        }
        return keepAlivesSent;
    }

    // ---- packets ----

    static Packet online(PlayerSession session) {
        return Presence.online(session.account, session.character).packet();
    }

    static Packet offline(PlayerSession session) {
        return Presence.offline(session.account, session.character).packet();
    }

    private static Packet users(Collection<PlayerSession> sessions) {
        return OnlineUsers.of(sessions.stream()
                        .map(session -> new OnlineUsers.Player(session.account, session.character))
                        .toList())
                .packet();
    }

    /** Sending may end the connection, and with it what else was to be sent: all of that is sent again after the next login. */
    private void put(Packet packet) {
        Wire open = wire;
        if (open != null) {
            open.send(packet);
        }
    }
}
