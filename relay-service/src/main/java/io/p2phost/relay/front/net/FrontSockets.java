package io.p2phost.relay.front.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.relay.RelayProperties;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.route.PublicPorts;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listening socket per map and two virtual threads per player. A slow reader stops his writer by himself: each
 * direction holds one buffer and blocks until it is written.
 */
final class FrontSockets implements Front, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FrontSockets.class);
    private static final int BUFFER = 16 * 1_024;
    private static final int BACKLOG = 128;

    private final RelayProperties properties;
    private final String bindAddress;
    private final PublicPorts ports;
    private final RouteTable routes;
    private final MeterRegistry meters;
    private final Semaphore free;
    private final ReentrantLock opening = new ReentrantLock();
    private final Map<MapName, ServerSocket> listening = new ConcurrentHashMap<>();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final LongAdder toServers = new LongAdder();
    private final LongAdder toPlayers = new LongAdder();

    FrontSockets(
            RelayProperties properties,
            String bindAddress,
            PublicPorts ports,
            RouteTable routes,
            MeterRegistry meters) {
        this.properties = properties;
        this.bindAddress = bindAddress;
        this.ports = ports;
        this.routes = routes;
        this.meters = meters;
        this.free = new Semaphore(properties.maxSessions());
        meters.gauge("p2p_relay_player_sessions", sessions, Set::size);
        meters.gauge("p2p_relay_front_ports", listening, Map::size);
    }

    @Override
    public OptionalInt open(MapName map) {
        ServerSocket known = listening.get(map);
        if (known != null) {
            return OptionalInt.of(known.getLocalPort());
        }
        opening.lock();
        try {
            ServerSocket meanwhile = listening.get(map);
            if (meanwhile != null) {
                return OptionalInt.of(meanwhile.getLocalPort());
            }
            OptionalInt port = ports.portOf(map);
            if (port.isPresent()) {
                ServerSocket server = new ServerSocket();
                server.setReuseAddress(true);
                server.bind(new InetSocketAddress(bindAddress, port.getAsInt()), BACKLOG);
                listening.put(map, server);
                threads.execute(() -> accept(map, server));
            }
            return port;
        } catch (IOException e) {
            log.error("map {}: its public port cannot be listened at: {}", map, e.getMessage());
            return OptionalInt.empty();
        } finally {
            opening.unlock();
        }
    }

    @Override
    public void changed(Route route) {
        sessions.stream()
                .filter(s -> s.map.equals(route.map()) && s.epoch.isBefore(route.epoch()))
                .forEach(Session::close);
        if (!listening.containsKey(route.map())) {
            threads.execute(() -> open(route.map()));
        }
    }

    @Override
    public int sessions() {
        return sessions.size();
    }

    @Override
    public long bytesToServers() {
        return toServers.sum();
    }

    @Override
    public long bytesToPlayers() {
        return toPlayers.sum();
    }

    private void accept(MapName map, ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket player = server.accept();
                if (free.tryAcquire()) {
                    threads.execute(() -> serve(map, player));
                } else {
                    refuse(player, "full");
                }
            } catch (IOException e) {
                if (!server.isClosed()) {
                    log.warn("map {}: a connection was not accepted: {}", map, e.getMessage());
                }
            }
        }
    }

    private void serve(MapName map, Socket player) {
        try {
            @Nullable Route route = routes.find(map).orElse(null);
            @Nullable Owner owner = route == null ? null : route.owner();
            if (route == null || owner == null || owner.address() == null) {
                refuse(player, "no_owner");
                return;
            }
            Session session = new Session(map, route.epoch(), player, new Socket());
            sessions.add(session);
            try {
                String address = owner.address();
                int colon = address.lastIndexOf(':');
                session.server.connect(
                        new InetSocketAddress(
                                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                        (int) properties.connectTimeout().toMillis());
                // The owner may have changed while we connected: then this session belongs to nobody.
                if (routes.find(map).filter(route::equals).isPresent()) {
                    session.run();
                }
            } catch (IOException | NumberFormatException e) {
                meters.counter("p2p_relay_refused_total", "reason", "unreachable")
                        .increment();
                log.info("map {}: {} cannot be reached: {}", map, owner, e.getMessage());
            } finally {
                session.close();
                sessions.remove(session);
            }
        } finally {
            free.release();
        }
    }

    private void refuse(Socket player, String reason) {
        meters.counter("p2p_relay_refused_total", "reason", reason).increment();
        closeQuietly(player);
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            log.debug("already closed", e);
        }
    }

    @Override
    public void close() {
        listening.values().forEach(FrontSockets::closeQuietly);
        sessions.forEach(Session::close);
        threads.shutdownNow();
    }

    private final class Session {
        private final MapName map;
        private final Epoch epoch;
        private final Socket player;
        private final Socket server;

        Session(MapName map, Epoch epoch, Socket player, Socket server) {
            this.map = map;
            this.epoch = epoch;
            this.player = player;
            this.server = server;
        }

        void run() throws IOException {
            player.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> pump(server, player, toPlayers));
            pump(player, server, toServers);
            try {
                back.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Moves bytes until one side ends; an orderly end is passed on as such, a broken one ends both. */
        private void pump(Socket from, Socket to, LongAdder moved) {
            byte[] buffer = new byte[BUFFER];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                int n;
                while ((n = in.read(buffer)) >= 0) {
                    out.write(buffer, 0, n);
                    moved.add(n);
                }
                to.shutdownOutput();
            } catch (IOException e) {
                close();
            }
        }

        void close() {
            closeQuietly(player);
            closeQuietly(server);
        }
    }
}
