package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.Refused;
import io.p2phost.ro.client.Restart;
import io.p2phost.ro.client.ServerMove;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.Link;
import io.p2phost.ro.sim.Listener;
import io.p2phost.ro.sim.Machine;
import io.p2phost.ro.sim.VirtualNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A simple relay: asks db-proxy before anybody reaches a map-server, writes the pseudonym into the entering packet, and
 * moves a player by the ordinary server change.
 */
final class SimRelay implements Listener, Machine {
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int MAX_REFUSALS = 500;
    private static final int TRADE_BEGINS = 0x01f5;
    private static final int STORAGE_TO_BODY = 0x0365;
    private static final int SEND_MAIL = 0x0a6e;
    /** As long as the real one lets nobody drop anything who took something out of his cart. */
    private static final Duration CART_SAVED = Duration.ofSeconds(15);
    /** As long as it lets nobody take anything out of his cart who gave something away or took what another dropped. */
    private static final Duration GIFT_SAVED = Duration.ofSeconds(10);

    final String id;
    final Endpoint front;
    private final SimSuite suite;
    private final VirtualNetwork.Host host;
    private final Map<Integer, Session> sessions = new LinkedHashMap<>();
    /** When accounts' connections ended. */
    private final Map<Integer, Instant> ended = new HashMap<>();
    /** Players to be moved whom this relay does not have: db-proxy missed that they are gone. */
    private final Map<Integer, Long> unknown = new LinkedHashMap<>();

    private Instant nextTick;

    /** Servers that nothing reaches from here and of which nothing is heard. */
    private final Set<Endpoint> lost = new HashSet<>();

    private boolean dead;
    private boolean watchesCarts = true;

    SimRelay(SimSuite suite, String id, Endpoint front) {
        this.suite = suite;
        this.id = id;
        this.front = front;
        this.host = suite.net.host("127.64.0.1");
        this.nextTick = suite.net.instant();
    }

    @Override
    public Link accept(int address) {
        return new Session(address);
    }

    /** A mistake it could make: it lets players give away what they took out of their carts just now. */
    void watchesNoCarts() {
        watchesCarts = false;
    }

    /** Its tunnel to that server's host is gone: nobody there notices yet. */
    void loses(Endpoint server) {
        lost.add(server);
    }

    /** As by kill -9. */
    void kill() {
        dead = true;
        suite.net.remove(this);
        suite.net.kill(host);
    }

    /** The client is told to come again; who it is then is known. Whether the relay hears it. */
    boolean rehome(Outside.Rehome move) {
        if (dead) {
            return false;
        }
        Session session = sessions.get(move.account());
        if (session != null) {
            session.move(move);
        } else if (!ended.getOrDefault(move.account(), Instant.EPOCH)
                .plus(GRACE)
                .isAfter(suite.net.instant())) {
            unknown.put(move.account(), move.number());
        }
        return true;
    }

    void release(int account, long number) {
        Session session = sessions.get(account);
        if (session != null && number >= session.number) {
            session.closeServer();
        }
    }

    /** The connections of these to their map-servers end. */
    void letGo(Predicate<Integer> whose) {
        sessions.keySet().stream().filter(whose).toList().forEach(account -> release(account, Long.MAX_VALUE));
    }

    void kick(int account, long number) {
        Session session = sessions.get(account);
        if (session != null && session.client != null && number >= session.number) {
            session.client.close();
            session.closed();
        }
    }

    /** Asks again for everybody who waits to be let in: an answer may have died with db-proxy. */
    @Override
    public void tick() {
        nextTick = suite.net.instant().plus(RETRY);
        List.copyOf(sessions.values()).forEach(Session::retry);
        if (!suite.proxy.dead) {
            unknown.forEach(suite.proxy.mux::connectionGone);
            unknown.clear();
        }
    }

    @Override
    public Instant nextDeadline() {
        return nextTick;
    }

    private final class Session implements Link {
        private final int address;
        private io.p2phost.ro.sim.@Nullable Wire client;
        private io.p2phost.ro.sim.@Nullable Wire server;
        private @Nullable Enter entering;
        private long number;
        private int attempt;
        private int refusals;
        /** The client has been let in by a server: what comes now is a move, not an entry. */
        private boolean inGame;
        /** The client has drawn the map; what the server sends from then on it sends of one whom it has loaded whole. */
        private boolean drawn;

        private boolean loaded;
        private boolean trades;
        /** What he asked for that comes into his inventory, but from no floor. */
        private final Deque<Integer> moves = new ArrayDeque<>();

        private Instant cartUsed = Instant.EPOCH;
        private Instant lastGift = Instant.EPOCH;
        /** The client was told to come again: that it goes now is no sign that the player is gone. */
        private boolean moved;

        Session(int address) {
            this.address = address;
        }

        @Override
        public void opened(io.p2phost.ro.sim.Wire wire) {
            client = wire;
        }

        @Override
        public void packet(Packet packet) {
            if (entering == null) {
                entering = new Enter(packet);
                sessions.put(entering.accountId(), this);
                ask(entering);
                return;
            }
            drawn |= packet.id() == ClientToMap.MAP_LOADED;
            if (packet.id() == ClientToMap.RESTART && new Restart(packet).kind() == Restart.CHARACTER_SELECT) {
                suite.proxy.mux.restartSeen(entering.accountId());
            }
            if (usesCart(packet) && watchesCarts && suite.net.instant().isBefore(lastGift.plus(GIFT_SAVED))) {
                return;
            }
            moves(packet);
            if (packet.id() == ClientToMap.DROP && isCartUnsaved() && client != null) {
                client.send(Packet.fixed(MapToClient.DROPPED, 6).u16(2, packet.u16(2)));
                return;
            }
            boolean gives = packet.id() == ClientToMap.DROP
                    || packet.id() == ClientToMap.TRADE_COMMIT
                    || packet.id() == ClientToMap.VENDING_BUY;
            if (server != null && gives && suite.tellsOfGifts()) {
                io.p2phost.ro.sim.Wire to = server;
                gives(entering.accountId(), () -> {
                    if (to.equals(server)) {
                        to.send(packet);
                    }
                });
            } else if (server != null) {
                server.send(packet);
            }
        }

        private static boolean usesCart(Packet packet) {
            return packet.id() == ClientToMap.BODY_TO_CART || packet.id() == ClientToMap.CART_TO_BODY;
        }

        private void moves(Packet packet) {
            if (usesCart(packet)) {
                cartUsed = suite.net.instant();
            }
            switch (packet.id()) {
                case ClientToMap.CART_TO_BODY -> moves.add(packet.id());
                case STORAGE_TO_BODY, SEND_MAIL, ClientToMap.VENDING_BUY -> moves.add(packet.id());
                case ClientToMap.PICK_UP -> moves.clear();
                default -> {
                    // Brings nothing.
                }
            }
        }

        private boolean isCartUnsaved() {
            return watchesCarts && suite.net.instant().isBefore(cartUsed.plus(CART_SAVED));
        }

        /** db-proxy knows before his map-server does. */
        private void gives(int account, Runnable goesOn) {
            lastGift = suite.net.instant();
            if (!suite.proxy.dead) {
                suite.proxy.mux.gives(account, number, may -> {
                    lastGift = suite.net.instant();
                    if (may) {
                        goesOn.run();
                    }
                });
            }
        }

        private void gave(Packet packet) {
            if (entering == null || suite.proxy.dead || !suite.tellsOfGifts()) {
                return;
            }
            switch (packet.id()) {
                case TRADE_BEGINS -> trades = true;
                case MapToClient.TRADE_DONE, MapToClient.TRADE_CANCELLED -> {
                    trades = false;
                    suite.proxy.mux.gave(entering.accountId());
                }
                case MapToClient.DROPPED -> suite.proxy.mux.gave(entering.accountId());
                case MapToClient.ITEM_GAIN -> {
                    Integer move = moves.poll();
                    if (move != null && move == ClientToMap.VENDING_BUY) {
                        suite.proxy.mux.gave(entering.accountId());
                    } else if (move == null && !trades && !isCartUnsaved()) {
                        lastGift = suite.net.instant();
                        suite.proxy.mux.took(entering.accountId(), number);
                    }
                }
                default -> {
                    // Nobody gains or loses by it.
                }
            }
        }

        private void retry() {
            if (entering != null && client != null && server == null && !moved) {
                ask(entering);
            }
        }

        private void ask(Enter enter) {
            if (suite.proxy.dead) {
                return;
            }
            int asked = ++attempt;
            suite.proxy.mux.enter(
                    new EntryRequest(id, address, enter.accountId(), enter.charId(), enter.loginId1(), enter.sex()),
                    answer -> {
                        if (asked != attempt || client == null) {
                            return;
                        }
                        switch (answer) {
                            case EntryAnswer.Refused no -> {
                                // Away for a moment is no reason to throw him out.
                                if (no.code() == EntryAnswer.Code.REJECTED) {
                                    refuse(no.code().value());
                                }
                            }
                            case EntryAnswer.Routed yes -> let(enter, yes);
                        }
                    });
        }

        private void let(Enter enter, EntryAnswer.Routed to) {
            if (inGame) {
                move(new Outside.Rehome(
                        id, enter.accountId(), enter.charId(), to.number(), to.route(), to.x(), to.y(), null));
            } else {
                route(enter, to.route(), to.number());
            }
        }

        private void refuse(int code) {
            if (client != null) {
                client.send(Refused.of(code).packet());
                client.close();
                closed();
            }
        }

        private void route(Enter enter, Outside.Route route, long known) {
            number = known;
            Packet first =
                    new Enter(enter.packet().copy()).loginId1(route.loginId1()).packet();
            Endpoint to = suite.entrance(route.server()).orElseThrow();
            if (!lost.contains(to)) {
                host.dial(to, new ServerSide(first, attempt, to));
            }
        }

        /** The connection to a map-server; the player's own stays when it ends. */
        private final class ServerSide implements Link {
            private final Packet first;
            private final int of;
            private final Endpoint at;

            ServerSide(Packet first, int of, Endpoint at) {
                this.first = first;
                this.of = of;
                this.at = at;
            }

            @Override
            public void opened(io.p2phost.ro.sim.Wire wire) {
                if (of != attempt || client == null) {
                    wire.close();
                    return;
                }
                server = wire;
                wire.send(first);
            }

            @Override
            public void packet(Packet packet) {
                if (of != attempt || client == null || lost.contains(at)) {
                    return;
                }
                if (!loaded && packet.id() == MapToClient.REFUSED && refusals++ < MAX_REFUSALS) {
                    // A server that has no char-server at the moment, or still has him from before: asked again later.
                    // One that lost its char-server while it loaded him gives him up, and he is moved.
                    if (!inGame) {
                        attempt++;
                    }
                    closeServer();
                    return;
                }
                gave(packet);
                if (packet.id() == MapToClient.AUCTION_WORD) {
                    return;
                }
                loaded |= drawn;
                inGame |= packet.id() == MapToClient.ENTER_ACCEPTED;
                client.send(packet);
            }

            @Override
            public void closed() {
                if (of == attempt && !lost.contains(at)) {
                    server = null;
                }
            }
        }

        private void move(Outside.Rehome move) {
            if (client == null || (move.number() <= number && server != null)) {
                return;
            }
            closeServer();
            if (!inGame && entering != null) {
                attempt++;
                route(entering, move.route(), move.number());
                return;
            }
            number = move.number();
            moved = true;
            Endpoint to = move.front() == null
                    ? front
                    : Endpoint.of(move.front().host() + ":" + move.front().port());
            client.send(ServerMove.of(move.route().map() + ".gat", move.x(), move.y(), to.address(), to.port())
                    .packet());
        }

        private void closeServer() {
            if (server != null) {
                server.close();
                server = null;
            }
        }

        @Override
        public void closed() {
            if (dead) {
                return;
            }
            client = null;
            attempt++;
            closeServer();
            if (entering != null) {
                ended.put(entering.accountId(), suite.net.instant());
            }
            if (entering != null && sessions.remove(entering.accountId(), this) && !moved && !suite.proxy.dead) {
                suite.proxy.mux.connectionGone(entering.accountId(), number);
            }
        }
    }
}
