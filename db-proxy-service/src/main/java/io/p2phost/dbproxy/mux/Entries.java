package io.p2phost.dbproxy.mux;

import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.AuthRefused;
import io.p2phost.ro.inter.AuthRequest;
import io.p2phost.ro.inter.Kick;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Players who enter: the char-server is asked before any host is touched, and the host's own question is answered from
 * what it said. A player whom another server behind the multiplexer let go needs no asking.
 */
final class Entries {
    /** Players who are being checked at once; a char-server answers in milliseconds. */
    static final int MAX_PENDING = 2_000;

    /** More than a server makes of one character between two saves. */
    private static final int UNSAVED_ITEMS = 1_000;

    private final World world;
    private final Upstream upstream;
    private final Moves moves;
    private final Kicks kicks;
    private final Map<Integer, Pending> pending = new HashMap<>();

    /** By account: who may enter as soon as he is stored and his map-server has heard what it was told of him. */
    private final Map<Integer, LetIn> held = new HashMap<>();

    private record Pending(EntryRequest request, Consumer<EntryAnswer> answer, Instant since) {}

    /** One who may enter; {@code since} he has asked, the char-server's time included. */
    private static final class LetIn {
        private final PlayerSession session;
        private final Consumer<EntryAnswer> answer;
        private final Instant since;
        private boolean stored;

        LetIn(PlayerSession session, Consumer<EntryAnswer> answer, Instant since) {
            this.session = session;
            this.answer = answer;
            this.since = since;
        }
    }

    Entries(World world, Upstream upstream, Moves moves, Kicks kicks) {
        this.world = world;
        this.upstream = upstream;
        this.moves = moves;
        this.kicks = kicks;
    }

    void enter(EntryRequest request, Consumer<EntryAnswer> answer) {
        Optional<PlayerSession> sameLogin = world.sessions
                .account(request.account())
                .filter(session -> session.character == request.character() && session.loginId1 == request.loginId1());
        if (sameLogin.filter(PlayerSession::isAwaited).isPresent() && request.relay() != null) {
            PlayerSession session = sameLogin.get();
            session.relay = request.relay();
            session.since = world.now();
            // Another connection: that the one before it ended is not about this one, however late it is said.
            session.number++;
            entered(session);
            letIn(new LetIn(session, answer, world.now()));
            return;
        }
        if (world.sessions
                .account(request.account())
                .filter(this::waitsForTheDatabase)
                .isPresent()) {
            answer.accept(EntryAnswer.refused(
                    EntryAnswer.Code.STILL_RECOGNISED, "his last save waits for the char-server's database"));
            return;
        }
        if (sameLogin.filter(PlayerSession::isLeavingForCore).isPresent()) {
            // The char-server would take this for his arrival on core.
            moves.sendToCore(sameLogin.get());
            answer.accept(EntryAnswer.refused(EntryAnswer.Code.STILL_RECOGNISED, "he is on his way to core"));
            return;
        }
        if (sameLogin
                .filter(session -> session.isAwaited() || session.state == SessionState.PLAYING)
                .isPresent()) {
            // The char-server would refuse a login that it has let in already; his map-server is about to give him up.
            moves.missed(sameLogin.get(), request.relay());
            answer.accept(EntryAnswer.refused(EntryAnswer.Code.STILL_RECOGNISED, "his map-server still has him"));
            return;
        }
        Pending older = pending.remove(request.account());
        if (older != null) {
            older.answer.accept(EntryAnswer.refused(EntryAnswer.Code.STILL_RECOGNISED, "entered again"));
        }
        if (pending.size() >= MAX_PENDING) {
            answer.accept(EntryAnswer.refused(EntryAnswer.Code.SERVER_CLOSED, "too many players enter at once"));
            return;
        }
        AuthRequest ask = AuthRequest.of(
                request.account(), request.character(), request.loginId1(), request.sex(), request.clientIp());
        if (upstream.send(ask.packet())) {
            pending.put(request.account(), new Pending(request, answer, world.now()));
        } else {
            answer.accept(EntryAnswer.refused(EntryAnswer.Code.SERVER_CLOSED, "the char-server is away"));
        }
    }

    private boolean waitsForTheDatabase(PlayerSession session) {
        return session.state == SessionState.PENDING_REPLAY
                && upstream.notStoredSince().isPresent()
                && !session.pending.isEmpty();
    }

    /** The char-server lets him in (2afd). */
    void accepted(AuthOk ok) {
        int account = ok.accountId();
        Pending asked = pending.remove(account);
        PlayerSession session = AuthRecord.session(ok, SessionState.ARRIVING, ServerKey.RESERVE, world);
        if (asked == null) {
            // Too late: the char-server thinks that he is online here.
            if (world.sessions.account(account).isEmpty()) {
                upstream.send(Upstream.offline(session));
            }
            return;
        }
        session.relay = asked.request.relay();
        session.clientIp = asked.request.clientIp();
        world.sessions.account(account).ifPresent(before -> {
            session.number = Math.max(session.number, before.number + 1);
            upstream.superseded(before, session.character);
            revoke(before);
        });
        if (!world.isEligible(session.map)) {
            upstream.send(Upstream.offline(session));
            asked.answer.accept(EntryAnswer.refused(EntryAnswer.Code.REJECTED, session.map + " is not served here"));
            return;
        }
        boolean direct = session.isDirect();
        session.server = direct ? ServerKey.RESERVE : world.ownerOf(session.map);
        world.sessions.put(session);
        if (!direct && !world.hasHost(session.map)) {
            world.outside.decide(session.map, account, session.relay);
        }
        entered(session);
        letIn(new LetIn(session, asked.answer, asked.since));
    }

    /** Not before he is stored, and his map-server has heard that he was to be thrown out. */
    private void letIn(LetIn entry) {
        LetIn older = held.put(entry.session.account, entry);
        if (older != null) {
            older.answer.accept(EntryAnswer.refused(EntryAnswer.Code.STILL_RECOGNISED, "entered again"));
        }
        world.keep(entry.session, () -> {
            entry.stored = true;
            if (!areUnheard(entry) && held.remove(entry.session.account, entry)) {
                entry.answer.accept(routed(entry.session));
            }
        });
    }

    private boolean areUnheard(LetIn entry) {
        return kicks.areUnheard(entry.session.server, entry.session.account);
    }

    /** Whether it was answered. */
    private boolean isLetIn(LetIn entry) {
        PlayerSession session = entry.session;
        MuxSettings.Timing timing = world.settings.timing();
        if (!entry.stored) {
            return isLate(entry, timing.entry(), "the database does not answer");
        }
        boolean still =
                session.isAwaited() && world.sessions.account(session.account).orElse(null) == session;
        if (still && !areUnheard(entry)) {
            entry.answer.accept(routed(session));
            return true;
        }
        return isLate(entry, still ? timing.authenticate() : Duration.ZERO, "his map-server is still to let him go");
    }

    /** Whoever asks for him does not wait longer; asked again, he goes on from where he is. */
    private boolean isLate(LetIn entry, Duration most, String why) {
        boolean late = !entry.since.isAfter(world.now().minus(most));
        if (late) {
            entry.answer.accept(EntryAnswer.refused(EntryAnswer.Code.STILL_RECOGNISED, why));
        }
        return late;
    }

    /** He logged in anew: whoever has him must let go. */
    private void revoke(PlayerSession before) {
        world.serverOf(before)
                .ifPresent(server -> kicks.send(
                        server,
                        before.account,
                        Kick.of(before.account, Kick.OTHER_LOGIN).packet()));
        world.end(before);
    }

    void refused(AuthRefused no) {
        Pending asked = pending.remove(no.accountId());
        if (asked != null) {
            asked.answer.accept(
                    EntryAnswer.refused(EntryAnswer.Code.REJECTED, "the char-server does not know this login"));
        }
    }

    /** A map-server asks whether a player may enter (2b26). */
    void collect(MapServer server, AuthRequest ask) {
        PlayerSession session = world.sessions.account(ask.accountId()).orElse(null);
        boolean awaited = session != null && session.isAwaited();
        if (!awaited && server.key().equals(ServerKey.RESERVE) && world.settings.directEntries() && !ask.autotrade()) {
            direct(server, ask);
            return;
        }
        if (session == null
                || !session.isAwaited()
                || !session.server.equals(server.key())
                || session.character != ask.charId()
                || world.pseudonyms.of(session).loginId1() != ask.loginId1()
                || ask.autotrade()) {
            if (ask.autotrade()) {
                world.violated(
                        server,
                        ask.packet().id(),
                        ask.accountId(),
                        Violation.Kind.NOT_TAKEN,
                        "asks for a player who did not log in (autotrade)");
            }
            server.send(AuthRefused.of(ask).packet());
            return;
        }
        boolean moving = session.moving || session.state == SessionState.HANDOVER;
        session.number++;
        session.statusDelivered = false;
        session.wasLoading = false;
        session.variablesDelivered = false;
        session.releasing = false;
        session.unasked = false;
        session.next = null;
        session.timedFromImage = session.crashed;
        if (session.crashed) {
            // Items made since the last save have numbers that must not be given again.
            session.record = world.status(session.record.clone())
                    .character()
                    .set("uniqueitem_counter", uniqueItems(session) + UNSAVED_ITEMS)
                    .bytes();
        }
        session.crashed = false;
        session.asked.clear();
        session.refusedLoads.clear();
        session.loadAgainUntil = Instant.MIN;
        session.recalledSince = null;
        session.missed = null;
        session.handedOver = false;
        session.become(SessionState.PLAYING, world.now());
        long number = session.number;
        world.keep(session, () -> deliver(session, number, moving));
    }

    /** No relay could read who comes: the char-server is asked now, and the reserve, which is ours, is told as usual. */
    private void direct(MapServer server, AuthRequest ask) {
        EntryRequest request =
                new EntryRequest(null, ask.ip(), ask.accountId(), ask.charId(), ask.loginId1(), ask.sex());
        enter(request, answer -> {
            switch (answer) {
                case EntryAnswer.Routed routed -> collect(server, ask);
                case EntryAnswer.Refused refused ->
                    server.send(AuthRefused.of(ask).packet());
            }
        });
    }

    private long uniqueItems(PlayerSession session) {
        return world.status(session.record).character().uniqueItemCounter();
    }

    private void deliver(PlayerSession session, long number, boolean moving) {
        // Whoever moved on while his row was written is answered at his next server.
        if (session.number == number) {
            world.serverOf(session).ifPresent(server -> server.send(AuthRecord.answer(session, moving, world)));
        }
    }

    private static void entered(PlayerSession session) {
        session.relayKnows = session.number;
        session.connectionGone = false;
        session.unasked = false;
        session.front = null;
    }

    private EntryAnswer routed(PlayerSession session) {
        return new EntryAnswer.Routed(
                world.routeOf(session), session.state, session.number, session.x, session.y, session.group);
    }

    /** The char-server is lost: nobody who is being checked will be answered. */
    void upstreamLost() {
        pending.values()
                .forEach(asked -> asked.answer.accept(
                        EntryAnswer.refused(EntryAnswer.Code.SERVER_CLOSED, "the char-server is away")));
        pending.clear();
    }

    void tick() {
        held.values().removeIf(this::isLetIn);
        Instant before = world.now().minus(world.settings.timing().authenticate());
        pending.values().removeIf(asked -> {
            boolean late = !asked.since.isAfter(before);
            if (late) {
                asked.answer.accept(
                        EntryAnswer.refused(EntryAnswer.Code.SERVER_CLOSED, "the char-server does not answer"));
            }
            return late;
        });
    }
}
