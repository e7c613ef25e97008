package io.p2phost.dbproxy.suite;

import io.p2phost.dbproxy.suite.DbProxyClient.Answer;
import io.p2phost.dbproxy.suite.DbProxyClient.Route;
import io.p2phost.dbproxy.suite.DbProxyClient.Signal;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.EnterAccepted;
import io.p2phost.ro.client.MapChange;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.Refused;
import io.p2phost.ro.client.Restart;
import io.p2phost.ro.client.ServerMove;
import io.p2phost.ro.client.ServerTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One client's connection and, behind it, the connections to map-servers, one after the other. */
final class RelayPlayer implements PacketSocket.Listener {
    private static final int MOST_REFUSALS = 500;
    private static final int MOST_HELD = 100;
    /** Nobody is kept without a map-server for longer. */
    private static final Duration LIMBO = Duration.ofMinutes(2);

    private final TestRelay relay;
    private final String clientIp;
    private @Nullable PacketSocket client;
    private @Nullable Enter entering;
    private @Nullable ServerSide server;
    private long number;
    /** Grows with each question and each move; what belongs to an older one is void. */
    private int attempt;

    /** The attempt whose answer or connection is awaited. */
    private int awaited;

    private int refusals;
    private boolean seen;
    /** A server has let the client in: what comes now is a move, not an entry. */
    private boolean inGame;
    /** The client was told to come again: that it goes now is no sign that the player is gone. */
    private boolean moved;
    /** Where the client is being moved without its knowledge. */
    private @Nullable Route splicing;
    /** Maps the client was told of and has not loaded yet. */
    private int loading;

    private int lastTick;
    private Instant lastTickAt;
    private Instant alone;

    RelayPlayer(TestRelay relay, String clientIp) {
        this.relay = relay;
        this.clientIp = clientIp;
        lastTickAt = relay.now();
        alone = lastTickAt;
    }

    void connected(PacketSocket socket) {
        client = socket;
    }

    boolean hasEntered() {
        return entering != null;
    }

    // ---- the client ----

    @Override
    public void packet(Packet packet) {
        if (entering == null) {
            enter(packet);
            return;
        }
        boolean waiting = server == null || !server.open;
        switch (packet.id()) {
            case ClientToMap.MAP_LOADED -> loaded(packet);
            case ClientToMap.RESTART -> restart(packet);
            case ClientToMap.TIME_REQUEST -> {
                if (waiting && inGame) {
                    int since = (int) Duration.between(lastTickAt, relay.now()).toMillis();
                    toClient(ServerTime.of(lastTick + since).packet());
                } else {
                    toServer(packet);
                }
            }
            default -> toServer(packet);
        }
    }

    private void enter(Packet packet) {
        if (packet.id() != ClientToMap.ENTER) {
            kick();
            return;
        }
        Enter enter = new Enter(packet);
        entering = enter;
        relay.entered(enter.accountId(), this);
        ask(enter);
    }

    /** Only the answer to the newest map is for the server that the client is with now. */
    private void loaded(Packet packet) {
        loading = Math.max(0, loading - 1);
        if (server == null || !server.let) {
            return;
        }
        if (server.open || loading == 0) {
            server.open = true;
            server.socket.send(packet);
        }
    }

    /** db-proxy must know of it before the map-server's own request can reach it. */
    private void restart(Packet packet) {
        ServerSide to = server;
        if (to == null || !to.open || new Restart(packet).kind() != Restart.CHARACTER_SELECT) {
            toServer(packet);
            return;
        }
        relay.then(relay.dbProxy().signal(account(), number, Signal.RESTART), taken -> {
            if (server == to) {
                toServer(packet);
            }
        });
    }

    private void toServer(Packet packet) {
        if (server != null && server.open) {
            server.socket.send(packet);
        }
    }

    private void toClient(Packet packet) {
        if (client != null) {
            client.send(packet);
        }
    }

    @Override
    public void closed() {
        PacketSocket had = client;
        client = null;
        attempt++;
        release();
        if (had != null && relay.left(account(), this) && !moved) {
            relay.note(account(), "gone");
            relay.dbProxy().signal(account(), number, Signal.GONE);
        }
    }

    // ---- db-proxy ----

    /** Once a second: asks again for whoever waits to be let in; an answer may have died with db-proxy. */
    void retry() {
        if (server != null) {
            alone = relay.now();
        } else if (alone.plus(LIMBO).isBefore(relay.now())) {
            kick();
        } else if (entering != null && client != null && awaited != attempt && (!inGame || splicing != null)) {
            ask(entering);
        }
    }

    private void ask(Enter enter) {
        int asked = ++attempt;
        awaited = asked;
        relay.then(relay.dbProxy().enter(enter, clientIp), answer -> {
            if (asked == attempt && client != null) {
                awaited = 0;
                answered(answer);
            } else if (client == null && answer instanceof Answer.Routed routed) {
                // He went while db-proxy let him in.
                relay.dbProxy().signal(enter.accountId(), routed.route().number(), Signal.GONE);
            }
        });
    }

    private void answered(Answer answer) {
        switch (answer) {
            case Answer.Routed routed -> route(routed.route());
            case Answer.Refused refused -> {
                relay.note(account(), "refused " + refused.code() + " " + refused.detail());
                // Away for a moment is no reason to throw him out.
                if (refused.code() == Refused.REJECTED) {
                    refuse(Refused.of(refused.code()).packet());
                }
            }
            case Answer.Silent silent -> relay.note(account(), "no answer: " + silent.why());
        }
    }

    private void refuse(Packet packet) {
        toClient(packet);
        kick();
    }

    private void route(Route route) {
        number = route.number();
        splicing = splicing == null ? null : route;
        Packet first =
                new Enter(entered().packet().copy()).loginId1(route.loginId1()).packet();
        int of = attempt;
        awaited = of;
        relay.note(account(), "to " + route.owner() + " for " + route.map() + " epoch " + route.epoch());
        ServerSide side = new ServerSide();
        relay.dial(account(), route.owner(), side, socket -> {
            boolean wanted = of == attempt && client != null && server == null;
            awaited = wanted ? 0 : awaited;
            if (socket == null) {
                return;
            }
            if (!wanted) {
                socket.cut();
                return;
            }
            side.socket = socket;
            server = side;
            socket.send(first);
        });
    }

    /** He is somebody else's player now. */
    void move(Route route) {
        // db-proxy repeats itself until he is there: a client that was told twice comes twice.
        boolean underWay = server != null || awaited == attempt || moved;
        if (client == null || entering == null || (route.number() <= number && underWay)) {
            return;
        }
        relay.note(account(), "rehome to " + route.owner() + " for " + route.map());
        release();
        if (!inGame) {
            attempt++;
            route(route);
        } else if (relay.form() == TestRelay.Form.SPLICE) {
            attempt++;
            splicing = route;
            route(route);
        } else {
            number = route.number();
            moved = true;
            toClient(ServerMove.of(
                            route.map() + ".gat",
                            route.x(),
                            route.y(),
                            address(relay.front().getAddress().getAddress()),
                            relay.front().getPort())
                    .packet());
        }
    }

    private static int address(byte[] octets) {
        return ByteBuffer.wrap(octets).getInt();
    }

    /** Ends the connection to the map-server; the player's own stays. */
    void release() {
        if (server != null) {
            server.socket.close();
            server = null;
            alone = relay.now();
        }
    }

    /** Ends the player's own connection. */
    void kick() {
        if (client != null) {
            client.close();
            closed();
        }
    }

    /** Both ends, at once: the relay dies. */
    void cut() {
        if (client != null) {
            client.cut();
        }
        if (server != null) {
            server.socket.cut();
        }
    }

    private int account() {
        return entering == null ? 0 : entering.accountId();
    }

    private Enter entered() {
        return Objects.requireNonNull(entering);
    }

    /** A connection to a map-server. */
    private final class ServerSide implements PacketSocket.Listener {
        private final List<Packet> held = new ArrayList<>();
        private PacketSocket socket;
        /** It has let the player in. */
        private boolean let;
        /** The client's packets are for it. */
        private boolean open;
        /** It took leave of the client: when it ends, so does the client's connection. */
        private boolean farewell;

        @Override
        public void packet(Packet packet) {
            if (server != this || client == null) {
                return;
            }
            if (let) {
                pass(packet);
                return;
            }
            switch (packet.id()) {
                case MapToClient.ENTER_SEEN -> {
                    if (!seen) {
                        seen = true;
                        toClient(packet);
                    }
                }
                case MapToClient.REFUSED -> refused(packet);
                case MapToClient.ENTER_ACCEPTED -> accepted(new EnterAccepted(packet));
                default -> {
                    if (splicing == null) {
                        toClient(packet);
                    } else if (held.size() < MOST_HELD) {
                        held.add(packet);
                    }
                }
            }
        }

        private void pass(Packet packet) {
            switch (packet.id()) {
                case MapToClient.AUCTION_WORD -> {
                    // db-proxy had him saved.
                    return;
                }
                case MapToClient.MAP_CHANGE -> loading++;
                case MapToClient.TIME -> tick(new ServerTime(packet).tick());
                case MapToClient.REFUSED,
                        MapToClient.RESTART_ANSWER,
                        MapToClient.QUIT_ANSWER,
                        MapToClient.SERVER_MOVE -> farewell = true;
                default -> {}
            }
            toClient(packet);
        }

        /** A server that has no char-server at the moment, or still has him from before: asked again later. */
        private void refused(Packet packet) {
            relay.note(account(), "0081 " + new Refused(packet).reason() + " of the map-server");
            if (refusals++ < MOST_REFUSALS) {
                attempt++;
                release();
            } else {
                refuse(packet);
            }
        }

        private void accepted(EnterAccepted packet) {
            let = true;
            refusals = 0;
            tick(packet.tick());
            Route to = splicing;
            if (to == null) {
                inGame = true;
                open = true;
                toClient(packet.packet());
            } else {
                splicing = null;
                toClient(ServerTime.of(packet.tick()).packet());
                toClient(MapChange.of(
                                to.map() + ".gat",
                                packet.cell().x(),
                                packet.cell().y())
                        .packet());
                held.forEach(RelayPlayer.this::toClient);
                held.clear();
            }
            loading++;
            relay.note(account(), "in game");
        }

        private void tick(int tick) {
            lastTick = tick;
            lastTickAt = relay.now();
        }

        @Override
        public void closed() {
            if (server == this) {
                server = null;
                alone = relay.now();
                relay.note(account(), "the map-server ended" + (farewell ? " after a farewell" : ""));
                if (farewell) {
                    kick();
                }
            }
        }
    }
}
