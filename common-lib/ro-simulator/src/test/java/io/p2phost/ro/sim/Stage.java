package io.p2phost.ro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A whole simulated installation in virtual time. */
final class Stage {
    static final Endpoint LOGIN = Endpoint.of("127.0.0.1:6900");
    static final Endpoint CHAR = Endpoint.of("127.0.0.1:6121");
    static final String USER = "s1";
    static final String PASSWORD = "p1";

    final VirtualNetwork net;
    final SimDatabase database = new SimDatabase();
    final SimLoginServer loginServer;
    final Transcript inter = new Transcript();
    final Transcript clients = new Transcript();
    private final Map<SimMapServer, VirtualNetwork.Host> hosts = new HashMap<>();
    private final Map<SimMapServer, Endpoint> addresses = new HashMap<>();
    private final long seed;
    SimCharServer charServer;

    Stage(long seed) {
        this.seed = seed;
        net = new VirtualNetwork(seed);
        loginServer = new SimLoginServer(net, seed);
        net.add(loginServer);
        net.listen(LOGIN, loginServer);
        charServer = startCharServer();
    }

    static CharServerSettings charSettings() {
        return CharServerSettings.stock(USER, PASSWORD, CHAR).withoutFloodLimit();
    }

    SimCharServer startCharServer() {
        charServer = new SimCharServer(charSettings(), database, loginServer, net);
        net.add(charServer);
        net.listen(CHAR, inter.around(charServer));
        return charServer;
    }

    /** As by kill -9. */
    void killCharServer() {
        charServer.stop();
        net.remove(charServer);
        net.unlisten(CHAR);
    }

    SimMapServer mapServer(int port, String... maps) {
        Endpoint at = Endpoint.of("127.0.0.1:" + port);
        VirtualNetwork.Host host = net.host("127.0.0.1");
        MapServerSettings settings = MapServerSettings.stock(USER, PASSWORD, at, CHAR, List.of(maps), seed + port);
        SimMapServer server = new SimMapServer(settings, SimWorld.small(), net, host);
        net.add(server);
        net.listen(at, clients.around(server));
        hosts.put(server, host);
        addresses.put(server, at);
        return server;
    }

    /** As by kill -9. */
    void kill(SimMapServer server) {
        net.remove(server);
        net.unlisten(addresses.get(server));
        net.kill(hosts.get(server));
    }

    /** A hand-made client of this server. */
    Probe connect(SimMapServer server) {
        return new Probe(clients.around(server).accept(Endpoint.address("127.0.0.1")));
    }

    SimClient client(String name, int group, Point start) {
        int accountId = loginServer.createAccount(name, "secret", 0, group);
        database.createCharacter(accountId, Character.toUpperCase(name.charAt(0)) + name.substring(1), 0, 0, start);
        SimClient client = new SimClient(LOGIN, name, "secret", net, net.host("127.0.0.2"));
        net.add(client);
        return client;
    }

    void run(Duration time) {
        net.run(time);
    }

    void run(long millis) {
        net.run(Duration.ofMillis(millis));
    }

    /** Until it holds, at most a virtual minute. */
    void until(String what, BooleanSupplier condition) {
        for (int i = 0; i < 600 && !condition.getAsBoolean(); i++) {
            run(100);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    void play(SimClient client) {
        client.play(0);
        until("in game", client::playing);
        run(500);
    }

    /** Kills the nearest monster and leaves what it dropped. */
    void kill(SimClient client) {
        int monster = client.monsters().entrySet().stream()
                .min(Comparator.comparingInt((Map.Entry<Integer, Point> entry) -> distance(client, entry.getValue()))
                        .thenComparingInt(Map.Entry::getKey))
                .orElseThrow()
                .getKey();
        client.attack(monster);
        until("dead", () -> !client.monsters().containsKey(monster));
    }

    private static int distance(SimClient client, Point to) {
        return Math.max(Math.abs(client.at().x() - to.x()), Math.abs(client.at().y() - to.y()));
    }
}
