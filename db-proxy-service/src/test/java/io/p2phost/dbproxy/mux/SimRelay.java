package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.Refused;
import io.p2phost.ro.client.Restart;
import io.p2phost.ro.client.ServerMove;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.Link;
import io.p2phost.ro.sim.Listener;
import io.p2phost.ro.sim.VirtualNetwork;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A simple relay: asks db-proxy before anybody reaches a map-server, writes the pseudonym into the entering packet, and
 * moves a player by the ordinary server change.
 */
final class SimRelay implements Listener {
    private static final String ID = "relay-1";

    private final SimSuite suite;
    private final VirtualNetwork.Host host;
    private final Map<Integer, Session> sessions = new HashMap<>();

    SimRelay(SimSuite suite) {
        this.suite = suite;
        this.host = suite.net.host("127.64.0.1");
    }

    @Override
    public Link accept(int address) {
        return new Session(address);
    }

    /** The client is told to come again; who it is then is known. */
    void rehome(Outside.Rehome move) {
        Session session = sessions.get(move.account());
        if (session != null) {
            session.move(move);
        }
    }

    void release(int account) {
        Session session = sessions.get(account);
        if (session != null) {
            session.closeServer();
        }
    }

    void kick(int account) {
        Session session = sessions.get(account);
        if (session != null && session.client != null) {
            session.client.close();
            session.closed();
        }
    }

    private final class Session implements Link {
        private final int address;
        private io.p2phost.ro.sim.@Nullable Wire client;
        private io.p2phost.ro.sim.@Nullable Wire server;
        private @Nullable Enter entering;
        private long number;

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
                enter(new Enter(packet));
                return;
            }
            if (packet.id() == ClientToMap.RESTART && new Restart(packet).kind() == Restart.CHARACTER_SELECT) {
                suite.proxy.mux.restartSeen(entering.accountId());
            }
            if (server != null) {
                server.send(packet);
            }
        }

        private void enter(Enter enter) {
            entering = enter;
            sessions.put(enter.accountId(), this);
            if (suite.proxy.dead) {
                refuse(1);
                return;
            }
            suite.proxy.mux.enter(
                    new EntryRequest(ID, address, enter.accountId(), enter.charId(), enter.loginId1(), enter.sex()),
                    answer -> {
                        switch (answer) {
                            case EntryAnswer.Refused no -> refuse(no.code().value());
                            case EntryAnswer.Routed yes -> route(enter, yes);
                        }
                    });
        }

        private void refuse(int code) {
            if (client != null) {
                client.send(Refused.of(code).packet());
                client.close();
            }
        }

        private void route(Enter enter, EntryAnswer.Routed yes) {
            number = yes.number();
            Packet first = new Enter(enter.packet().copy())
                    .loginId1(yes.route().loginId1())
                    .packet();
            Endpoint to = suite.entrance(yes.route().server()).orElseThrow();
            host.dial(to, new Link() {
                @Override
                public void opened(io.p2phost.ro.sim.Wire wire) {
                    server = wire;
                    wire.send(first);
                }

                @Override
                public void packet(Packet packet) {
                    if (client != null) {
                        client.send(packet);
                    }
                }

                @Override
                public void closed() {
                    // The player's own connection stays: his map's next owner will have him.
                    server = null;
                }
            });
        }

        private void move(Outside.Rehome move) {
            closeServer();
            if (client != null) {
                client.send(ServerMove.of(
                                move.route().map() + ".gat",
                                move.x(),
                                move.y(),
                                SimSuite.FRONT.address(),
                                SimSuite.FRONT.port())
                        .packet());
            }
        }

        private void closeServer() {
            if (server != null) {
                server.close();
                server = null;
            }
        }

        @Override
        public void closed() {
            client = null;
            closeServer();
            if (entering != null && sessions.remove(entering.accountId(), this) && !suite.proxy.dead) {
                suite.proxy.mux.connectionGone(entering.accountId(), number);
            }
        }
    }
}
