package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharSelectRequest;
import io.p2phost.ro.inter.Kick;
import io.p2phost.ro.inter.OnlineUsers;
import io.p2phost.ro.inter.ServerChange;
import io.p2phost.ro.inter.ServerChangeAnswer;
import io.p2phost.ro.layout.MapPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Players who change servers: through portals, because their map's owner changed, or to core. Between servers behind the
 * multiplexer nothing is asked upstream: the next server is given the record that the last one saved.
 */
final class Moves {
    /** How often a relay may not be reached, a second apart, before it counts as dead; its restart takes one. */
    static final int MOST_UNTOLD = 4;

    /** By then the autosave of who is through has come. */
    private static final Duration AUTOSAVED = Duration.ofSeconds(15);

    /** A relay's questions that are so many times further apart than it waits have nothing to do with each other. */
    private static final int FAR_APART = 4;

    private final World world;
    private final Upstream upstream;
    private final Greeting greeting;
    private final Kicks kicks;

    Moves(World world, Upstream upstream, Greeting greeting, Kicks kicks) {
        this.world = world;
        this.upstream = upstream;
        this.greeting = greeting;
        this.kicks = kicks;
    }

    // ---- a map's owner changes ----

    void ownerChanged(MapName map, Epoch epoch, ServerKey server) {
        if (epoch.compareTo(world.epochOf(map)) <= 0) {
            return;
        }
        world.own(map, new World.Owned(server, epoch));
        handOverAll(map, server);
    }

    /** The map's next owner is still to start its server: the reserve has its players meanwhile. */
    void bridge(MapName map) {
        world.own(map, new World.Owned(ServerKey.RESERVE, world.epochOf(map)));
        handOverAll(map, ServerKey.RESERVE);
    }

    private void handOverAll(MapName map, ServerKey server) {
        for (PlayerSession session : world.sessions.where(each -> isOn(each, map) && !each.server.equals(server))) {
            if (session.state == SessionState.QUITTING) {
                // His final save would have come from the server that is gone.
                leave(session);
            } else {
                handOver(session, server);
            }
        }
    }

    private static boolean isOn(PlayerSession session, MapName map) {
        return session.isInPlayHere()
                && session.state != SessionState.LEAVING
                && session.map.equals(map)
                && !session.isDirect();
    }

    /** Asks the relays to end their players' connections to the map's server, which then saves them for good. */
    void release(MapName map) {
        for (PlayerSession session : world.sessions.where(each -> isHad(each, map))) {
            session.releasing = true;
            if (session.relay != null) {
                world.outside.release(session.relay, session.account, session.number);
            }
        }
    }

    /** Relays do not reach the map's server, or no longer: it is asked itself for its players' final saves. */
    void recall(MapName map) {
        world.sessions.where(each -> isHad(each, map)).forEach(this::recall);
    }

    /** A stock map-server takes this word as it takes the end of his connection: he is saved for good. */
    private void recall(PlayerSession session) {
        session.releasing = true;
        world.serverOf(session)
                .ifPresent(server -> kicks.send(
                        server,
                        session.account,
                        Kick.of(session.account, Kick.OTHER_LOGIN).packet()));
    }

    /**
     * That relay does not reach the host any more, another one does: its players there are saved, and go on through that
     * one.
     *
     * @return how many there are
     */
    int carry(HostId host, String from, Outside.Front front) {
        List<PlayerSession> carried = reachedThrough(from)
                .filter(each -> each.server instanceof ServerKey.Cell cell
                        && cell.host().equals(host)
                        && (each.state == SessionState.PLAYING || each.state == SessionState.HANDOVER))
                .toList();
        for (PlayerSession session : carried) {
            changeRelay(session, front);
            if (session.state == SessionState.PLAYING) {
                recall(session);
            } else {
                handOver(session, session.server);
            }
        }
        return carried.size();
    }

    /**
     * Players of one relay go on through another, although nothing is wrong: saved first, so that nothing is lost.
     *
     * @param account only him; 0: whoever is there
     * @param most so many at once: each of them connects anew
     */
    Shed shed(String from, Outside.Front front, int account, int most) {
        List<PlayerSession> there = reachedThrough(from)
                .filter(each -> (account == 0 || each.account == account) && each.isInPlayHere() && !each.isDirect())
                .toList();
        List<PlayerSession> shed = there.stream()
                .filter(each -> each.state == SessionState.PLAYING && !each.releasing)
                .limit(most)
                .toList();
        for (PlayerSession session : shed) {
            changeRelay(session, front);
            recall(session);
        }
        return new Shed(shed.size(), there.size() - shed.size());
    }

    private Stream<PlayerSession> reachedThrough(String relay) {
        return world
                .sessions
                .where(each -> relay.equals(each.relay) && !each.connectionGone && each.kickedAt == null)
                .stream();
    }

    private void changeRelay(PlayerSession session, Outside.Front front) {
        session.front = front;
        session.recalledSince = world.now();
    }

    /**
     * His relay has no map-server for him, and one has him: a connection ended that only one side knows of. Soon it is known
     * to both; else the server is asked for him.
     */
    void missed(PlayerSession session, @Nullable String relay) {
        boolean elsewhere = !Objects.equals(relay, session.relay) || session.isDirect();
        if (session.state != SessionState.PLAYING
                || elsewhere
                || session.releasing
                || session.connectionGone
                || session.kickedAt != null) {
            return;
        }
        MuxSettings.Timing timing = world.settings.timing();
        Instant now = world.now();
        PlayerSession.Missed before = session.missed;
        Instant since = before != null
                        && now.isBefore(before.last().plus(timing.missed().multipliedBy(FAR_APART)))
                ? before.since()
                : now;
        session.missed = new PlayerSession.Missed(since, now);
        if (!now.isBefore(since.plus(timing.missed()))) {
            session.recalledSince = now;
            recall(session);
        }
    }

    /** Who was let go, or is just being, comes back to the map's server. */
    void stay(MapName map) {
        for (PlayerSession session : world.sessions.where(each -> each.releasing && each.map.equals(map))) {
            if (session.state == SessionState.PLAYING || session.state == SessionState.HANDOVER) {
                handOver(session, world.ownerOf(map));
            }
        }
    }

    int playersOn(MapName map) {
        return world.sessions.where(each -> isHad(each, map)).size();
    }

    private static boolean isHad(PlayerSession session, MapName map) {
        return session.state == SessionState.PLAYING && session.map.equals(map) && !session.isDirect();
    }

    private void handOver(PlayerSession session, ServerKey server) {
        if (session.connectionGone) {
            leave(session);
            return;
        }
        session.assembly.clear();
        session.releasing = false;
        session.next = null;
        session.recalledSince = null;
        session.missed = null;
        session.server = server;
        session.number++;
        // Whoever was never delivered has the char-server's own answer still to come.
        if (session.state != SessionState.ARRIVING) {
            session.crashed |= session.state == SessionState.PLAYING;
            session.become(SessionState.HANDOVER, world.now());
        }
        session.handedOver = true;
        // Told once it is kept, and reminded a while after that: not twice at the beginning.
        session.relayTold = world.now();
        long number = session.number;
        world.keep(session, () -> {
            if (session.number == number) {
                tellRelay(session);
            }
        });
    }

    /** Repeated until he comes: a relay that has moved him already knows the number. */
    private void tellRelay(PlayerSession session) {
        session.relayTold = world.now();
        if (session.relay != null && !kicks.areUnheard(session.server, session.account)) {
            session.relayKnows = session.number;
            world.outside.rehome(new Outside.Rehome(
                    session.relay,
                    session.account,
                    session.character,
                    session.number,
                    world.routeOf(session),
                    session.x,
                    session.y,
                    session.front));
        }
    }

    // ---- a player leaves his server (2b05) ----

    void change(MapServer server, PlayerSession session, ServerChange change) {
        Pseudonyms.Ids ids = world.pseudonyms.of(session);
        boolean foreign = change.loginId1() != ids.loginId1() || change.loginId2() != ids.loginId2();
        if (session.state != SessionState.PLAYING
                || foreign
                || !MapPoint.isMapName(change.target().map())) {
            world.violated(
                    server,
                    change.packet().id(),
                    session.account,
                    foreign ? Violation.Kind.FOREIGN_ID : Violation.Kind.NOT_TAKEN,
                    "server change with ids or a map that are not his");
            refuse(server, change);
            return;
        }
        MapName map = MapName.of(change.target().map());
        session.finishedBy(server.key(), world.now());
        if (world.isEligible(map)) {
            local(server, session, change, map);
        } else if (greeting.isCoreMap(map) || !upstream.isUp()) {
            toCore(session, change, map);
        } else {
            world.violated(
                    server,
                    change.packet().id(),
                    session.account,
                    Violation.Kind.NOT_TAKEN,
                    "server change to a map that nobody has: " + map);
            refuse(server, change);
        }
    }

    /** The answer may have died with the server's link: it asks again over the next one. */
    void changeRepeated(MapServer server, PlayerSession session, ServerChange change) {
        boolean answered = session.state == SessionState.HANDOVER || session.origin == null;
        if (answered && change.target().map().equals(session.map.value())) {
            server.send(ServerChangeAnswer.accept(change).packet());
        }
    }

    private void local(MapServer server, PlayerSession session, ServerChange change, MapName map) {
        // The answer repeats the question, address and all.
        ServerChangeAnswer answer = ServerChangeAnswer.accept(change);
        if (session.connectionGone) {
            // His client cannot be told any more: nobody will come.
            server.send(answer.packet());
            leave(session);
            return;
        }
        session.map = map;
        session.x = change.target().x();
        session.y = change.target().y();
        session.server = session.isDirect() ? ServerKey.RESERVE : world.ownerOf(map);
        session.number++;
        // His client ends this connection by itself and comes again: that end is no sign that he is gone.
        session.relayKnows = PlayerSession.NOTHING;
        session.become(SessionState.HANDOVER, world.now());
        if (!world.hasHost(map) && !session.isDirect()) {
            world.outside.decide(map, session.account, session.relay);
        }
        world.keep(session, () -> server.send(answer.packet()));
    }

    private void toCore(PlayerSession session, ServerChange change, MapName map) {
        session.origin = new PlayerSession.Origin(session.server, session.map);
        session.server = ServerKey.CORE;
        session.map = map;
        session.number++;
        session.become(SessionState.LEAVING, world.now());
        change.loginIds(session.loginId1, session.loginId2)
                .client(session.sex, session.clientIp)
                .groupId(session.group);
        session.change = change.packet().copy();
        world.keep(session);
        upstream.changeToCore(session);
    }

    private static void refuse(MapServer server, ServerChange change) {
        server.send(ServerChangeAnswer.refuse(change).packet());
    }

    /** The char-server's word on a change to core (2b06). */
    void changeAnswered(ServerChangeAnswer answer) {
        PlayerSession session = world.sessions.account(answer.accountId()).orElse(null);
        if (session == null || session.state != SessionState.LEAVING || session.origin == null) {
            return;
        }
        PlayerSession.Origin origin = session.origin;
        session.origin = null;
        Optional<MapServer> server =
                Optional.ofNullable(world.server(origin.server())).filter(MapServer::hasPlayers);
        if (answer.accepted()) {
            Pseudonyms.Ids ids = world.pseudonyms.of(session, origin.server());
            answer.loginIds(ids.loginId1(), ids.loginId2());
            // His server tells him; if it is gone, his relay does.
            server.ifPresentOrElse(at -> at.send(answer.packet()), () -> sendToCore(session));
            return;
        }
        session.server = origin.server();
        session.map = origin.map();
        session.change = null;
        session.number++;
        session.become(SessionState.PLAYING, world.now());
        ServerKey owner = world.ownerOf(session.map);
        if (!session.isDirect() && !owner.equals(session.server)) {
            handOver(session, owner);
        } else {
            world.keep(session);
        }
        server.ifPresent(at -> at.send(answer.packet()));
    }

    /** The char-server lets him go to core, and his server did not get to tell him: his relay tells him the address. */
    void sendToCore(PlayerSession session) {
        String relay = session.relay;
        if (relay == null || session.change == null || session.origin != null || session.connectionGone) {
            return;
        }
        MapPoint target = new ServerChange(session.change).target();
        session.relayKnows = session.number;
        greeting.coreAddress(session.map)
                .ifPresent(core -> world.outside.rehome(new Outside.Rehome(
                        relay,
                        session.account,
                        session.character,
                        session.number,
                        world.routeOf(session),
                        target.x(),
                        target.y(),
                        new Outside.Front(core.dotted(), core.port()))));
    }

    // ---- back to character select (2b02) ----

    void charSelect(MapServer server, PlayerSession session, CharSelectRequest ask) {
        Pseudonyms.Ids ids = world.pseudonyms.of(session);
        Instant oldest = world.now().minus(world.settings.timing().restart());
        boolean foreign = ask.loginId1() != ids.loginId1() || ask.loginId2() != ids.loginId2();
        boolean asked = session.isDirect() || !session.restartSeen.isBefore(oldest);
        if (session.state != SessionState.PLAYING || foreign || !asked) {
            world.violated(
                    server,
                    ask.packet().id(),
                    session.account,
                    foreign ? Violation.Kind.FOREIGN_ID : Violation.Kind.UNASKED,
                    "character select that the player did not ask for");
            return;
        }
        session.become(SessionState.QUITTING, world.now());
        world.keep(session);
        upstream.request(
                session,
                CharSelectRequest.of(session.account, session.loginId1, session.loginId2, session.clientIp)
                        .packet());
    }

    // ---- players who go ----

    /** He is in play no longer; what was accepted of him is not lost. */
    void leave(PlayerSession session) {
        session.number++;
        boolean unsavedNow = session.state == SessionState.PLAYING || session.crashed;
        if (unsavedNow && session.statusDelivered) {
            // While he played they were nowhere else.
            session.image
                    .statusChanges(world.now(), world.settings.layout())
                    .ifPresent(changes -> upstream.send(changes.packet()));
        }
        if (!upstream.holds(session) && (upstream.send(Upstream.offline(session)) || session.pending.isEmpty())) {
            world.end(session);
        } else {
            session.become(SessionState.PENDING_REPLAY, world.now());
            world.keep(session);
        }
    }

    /**
     * His server gives him up (2b17), by its own time-out: what should have reached it was lost with a connection. As long
     * as his own connection stands he is handed over anew.
     */
    void givenUp(PlayerSession session) {
        boolean stays = session.state == SessionState.PLAYING
                && session.relay != null
                && !session.connectionGone
                && session.kickedAt == null;
        if (stays) {
            handOver(session, world.ownerOf(session.map));
        } else {
            leave(session);
        }
    }

    /** The char-server throws him out (2b1f). */
    void kicked(Kick kick) {
        world.sessions.account(kick.accountId()).ifPresent(session -> expelled(session, kick.packet()));
    }

    /** His server is told as a char-server tells it, and has a moment for his final save; his relay closes him itself. */
    void expelled(PlayerSession session, Packet word) {
        if (session.state == SessionState.CORE) {
            return;
        }
        if (session.state == SessionState.PLAYING || session.state == SessionState.QUITTING) {
            session.kickedAt = world.now();
            world.serverOf(session).ifPresent(server -> kicks.send(server, session.account, word));
        } else if (session.state != SessionState.PENDING_REPLAY) {
            leave(session);
        }
        if (session.relay != null) {
            world.outside.kick(session.relay, session.account, session.number);
        }
    }

    /** The reserve's own list of players, once it has logged in: whom no relay knows and it has not went down with it. */
    void reserveHas(OnlineUsers users) {
        Set<Integer> there =
                users.players().stream().map(OnlineUsers.Player::accountId).collect(Collectors.toSet());
        world.sessions
                .where(each -> each.isDirect() && each.state == SessionState.PLAYING && !there.contains(each.account))
                .forEach(this::leave);
    }

    // ---- the relay's word ----

    void restartSeen(int account) {
        world.sessions.account(account).ifPresent(session -> session.restartSeen = world.now());
    }

    /**
     * His connection is gone: who is between servers will not be fetched any more, who is on one is saved by it for good.
     * An old word about a connection before this one is not about him.
     */
    void connectionGone(int account, long number) {
        PlayerSession session = world.sessions.account(account).orElse(null);
        if (session == null || session.relayKnows != number) {
            return;
        }
        if (session.isAwaited()) {
            leave(session);
        } else if (!session.connectionGone) {
            session.connectionGone = true;
            session.goneSince = world.now();
            world.keep(session);
        }
    }

    /** A relay that died cannot say that he is gone. Whom his server saved for good is not waited for then. */
    void relayUntold(int account, long number) {
        world.sessions
                .account(account)
                .filter(session -> session.unasked
                        && session.state == SessionState.HANDOVER
                        && session.relayKnows == number
                        && ++session.untold >= MOST_UNTOLD)
                .ifPresent(this::leave);
    }

    /**
     * The reserve has taken him to its own copy of a map that a host serves, and his client does not know it yet. His relay
     * ends his connection there, and he goes on at the host once he is saved.
     *
     * @return whether he does; false: nobody hosts the map, or the word is not about how things are
     */
    boolean walked(int account, long number, MapName map, int x, int y) {
        PlayerSession session = world.sessions.account(account).orElse(null);
        if (session == null
                || session.relayKnows != number
                || session.state != SessionState.PLAYING
                || !session.server.equals(ServerKey.RESERVE)
                || !world.hasHost(map)) {
            return false;
        }
        session.releasing = true;
        session.next = new PlayerSession.Place(map, x, y);
        return true;
    }

    /** His server has let him go with his final save. */
    void released(PlayerSession session) {
        session.number++;
        session.become(SessionState.HANDOVER, world.now());
        PlayerSession.Place next = session.next;
        if (session.connectionGone) {
            leave(session);
        } else if (next != null) {
            session.map = next.map();
            session.x = next.x();
            session.y = next.y();
            handOver(session, world.ownerOf(next.map()));
        } else if (session.front != null || session.recalledSince != null) {
            handOver(session, world.ownerOf(session.map));
        }
    }

    // ---- time ----

    void tick() {
        MuxSettings.Timing timing = world.settings.timing();
        Instant now = world.now();
        for (PlayerSession session : world.sessions.where(each -> true)) {
            switch (session.state) {
                case ARRIVING -> {
                    remind(session);
                    if (!now.isBefore(session.since.plus(timing.collect()))) {
                        leave(session);
                    }
                }
                case HANDOVER -> {
                    remind(session);
                    if (session.unasked && !session.handedOver && !now.isBefore(session.since.plus(timing.gone()))) {
                        handOver(session, world.ownerOf(session.map));
                    } else if (!now.isBefore(session.since.plus(timing.limbo()))) {
                        leave(session);
                    }
                }
                case LEAVING -> {
                    if (upstream.isUp() && !now.isBefore(session.since.plus(timing.leave()))) {
                        leave(session);
                    }
                }
                case QUITTING -> {
                    if (isKicked(session) || !now.isBefore(session.since.plus(timing.quit()))) {
                        leave(session);
                    }
                }
                case PLAYING -> {
                    Duration allowed = session.variablesDelivered ? timing.quit() : timing.kick();
                    boolean over = session.connectionGone && !now.isBefore(session.goneSince.plus(allowed));
                    if (over || isKicked(session)) {
                        leave(session);
                    } else if (isNotSaved(session) || isStuck(session)) {
                        handOver(session, world.ownerOf(session.map));
                    }
                }
                case PENDING_REPLAY -> {
                    boolean over = session.acknowledged
                            ? !session.isFinishing(now)
                            : session.finalSaveLost && !now.isBefore(session.since.plus(timing.limbo()));
                    if (over) {
                        world.end(session);
                    }
                }
                case CORE -> {
                    // Core's own affair.
                }
            }
        }
    }

    private boolean isKicked(PlayerSession session) {
        return session.kickedAt != null
                && !world.now()
                        .isBefore(session.kickedAt.plus(world.settings.timing().kick()));
    }

    /** His server was asked for him, and has not let him go. */
    private boolean isNotSaved(PlayerSession session) {
        return session.recalledSince != null
                && !world.now()
                        .isBefore(session.recalledSince.plus(
                                world.settings.timing().recall()));
    }

    /** An autosave, which map-servers send every ten seconds, would show that he is through: it skips who is not. */
    private boolean isStuck(PlayerSession session) {
        if (!session.wasLoading
                || session.statusDelivered
                || session.isDirect()
                || !upstream.isUp()
                || world.serverOf(session).isEmpty()) {
            session.waitsSince = null;
            return false;
        }
        if (session.waitsSince == null) {
            session.waitsSince = world.now();
        }
        return !world.now().isBefore(session.waitsSince.plus(AUTOSAVED));
    }

    private void remind(PlayerSession session) {
        Duration interval = world.settings.timing().remind();
        if (session.handedOver && !world.now().isBefore(session.relayTold.plus(interval))) {
            tellRelay(session);
        }
    }

    /** Server changes under way when the char-server was lost are asked again. */
    void upstreamBack() {
        for (PlayerSession session : world.sessions.where(each -> each.state == SessionState.LEAVING)) {
            session.since = world.now();
            if (session.change != null) {
                upstream.send(session.change.copy());
            }
        }
    }
}
