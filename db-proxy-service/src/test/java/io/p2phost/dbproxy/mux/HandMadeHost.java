package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import io.p2phost.ro.client.Cell;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.EnterAccepted;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.AuthRequest;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.inter.WhisperDelivery;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.sim.Dialer;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.Link;
import io.p2phost.ro.sim.Listener;
import io.p2phost.ro.sim.VirtualNetwork;
import io.p2phost.ro.sim.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map-server that lets its players in as a stock one does, and otherwise sends what a test wants. */
final class HandMadeHost implements Listener, Link {
    static final BuildLayout LAYOUT = BuildLayout.shipped(BuildLayout.LINUX_20200401);

    private final Endpoint at;
    private final String user;
    private final String password;
    private final String map;
    final List<Packet> received = new ArrayList<>();
    /** Everybody who came, as the packet that entered says. */
    final List<Enter> entered = new ArrayList<>();

    private final Map<Integer, AuthOk> players = new HashMap<>();
    private final Map<Integer, Wire> clients = new HashMap<>();
    private @Nullable Wire charServer;
    boolean closed;

    HandMadeHost(VirtualNetwork net, Endpoint at, String user, String password, String map) {
        this.at = at;
        this.user = user;
        this.password = password;
        this.map = map;
        net.listen(at, this);
    }

    void dial(Dialer dialer, Endpoint charPort) {
        dialer.dial(charPort, this);
    }

    void send(Packet packet) {
        if (charServer != null) {
            charServer.send(packet);
        }
    }

    void hangUp() {
        if (charServer != null) {
            charServer.close();
            closed();
        }
    }

    // ---- the char-server ----

    @Override
    public void opened(Wire wire) {
        closed = false;
        charServer = wire;
        send(MapServerLogin.of(user, password, at.address(), at.port()).packet());
    }

    @Override
    public void packet(Packet packet) {
        received.add(packet.copy());
        switch (packet.id()) {
            case CharToMap.LOGIN_ANSWER -> send(MapList.of(List.of(map)).packet());
            case CharToMap.AUTH_OK -> {
                AuthOk player = new AuthOk(packet.copy());
                players.put(player.accountId(), player);
                toClient(
                        player.accountId(),
                        EnterAccepted.of(0, new Cell(50, 50, 0)).packet());
            }
            case CharToMap.WHISPER -> {
                WhisperDelivery whisper = new WhisperDelivery(packet.copy());
                if (whisper.target().isEmpty()) {
                    send(whisper.answer(WhisperDelivery.NOT_HERE));
                }
            }
            default -> {
                // Kept, to be looked at.
            }
        }
    }

    @Override
    public void closed() {
        closed = true;
        charServer = null;
    }

    boolean announced() {
        return received.stream().anyMatch(packet -> packet.id() == CharToMap.MAPS_ACCEPTED);
    }

    boolean has(int account) {
        return players.containsKey(account);
    }

    /** What the char-server said of its player. */
    AuthOk player(int account) {
        AuthOk player = players.get(account);
        if (player == null) {
            throw new AssertionError("account " + account + " is not here");
        }
        return player;
    }

    CharStatus record(int account) {
        return new AuthOk(player(account).packet().copy()).status(LAYOUT);
    }

    // ---- clients ----

    void toClient(int account, Packet packet) {
        Wire client = clients.get(account);
        if (client != null) {
            client.send(packet);
        }
    }

    @Override
    public Link accept(int address) {
        return new Link() {
            private @Nullable Wire wire;
            private boolean known;

            @Override
            public void opened(Wire opened) {
                wire = opened;
            }

            @Override
            public void packet(Packet packet) {
                if (known || wire == null) {
                    return;
                }
                known = true;
                Enter enter = new Enter(packet.copy());
                entered.add(enter);
                clients.put(enter.accountId(), wire);
                send(AuthRequest.of(enter.accountId(), enter.charId(), enter.loginId1(), enter.sex(), 0x7f000009)
                        .packet());
            }

            @Override
            public void closed() {
                clients.values().remove(wire);
                wire = null;
            }
        };
    }
}
