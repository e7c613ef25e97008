package io.p2phost.ro.sim;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A simulated map-server as a process of its own, for demonstrations and for a host's agent to start:
 * {@code --maps prt_fild08,prt_fild07 --char 127.0.0.1:6121 --listen 127.0.0.1:5121 [--announce a.b.c.d:port]
 * [--user s1] [--password p1] [--autosave-seconds 30] [--seed 1]}. A signal ends it, everybody
 * saved first.
 */
public final class SimMapServerMain {
    private static final List<String> KNOWN = List.of(
            "--maps", "--char", "--listen", "--announce", "--user", "--password", "--autosave-seconds", "--seed");

    private SimMapServerMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        SimMapServerTcp server;
        try {
            server = start(parse(args));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutDown, "shut-down"));
        System.out.println("map-server listens on " + server.endpoint());
        watch(server, ended);
        ended.await();
        System.exit(server.ask(SimMapServer::dead) ? 1 : 0);
    }

    private static SimMapServerTcp start(Map<String, String> options) throws IOException {
        Endpoint listen = Endpoint.of(required(options, "--listen"));
        return new SimMapServerTcp(settings(options, listen), SimWorld.small(), listen);
    }

    /** The real one exits when its char-server refuses it. */
    private static void watch(SimMapServerTcp server, CountDownLatch ended) throws InterruptedException {
        boolean wasReady = false;
        while (!ended.await(200, java.util.concurrent.TimeUnit.MILLISECONDS)) {
            if (server.ask(SimMapServer::dead)) {
                System.err.println("map-server was refused by the char-server");
                ended.countDown();
            }
            boolean ready = server.ask(SimMapServer::ready);
            if (ready != wasReady) {
                System.out.println(ready ? "map-server is online" : "map-server lost its char-server");
                wasReady = ready;
            }
        }
    }

    static Map<String, String> parse(String[] args) {
        Map<String, String> options = new HashMap<>();
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!KNOWN.contains(args[i]) || i + 1 == args.length) {
                faults.add(args[i] + " (expected: one of " + KNOWN + ", each with a value)");
            } else {
                options.put(args[i], args[i + 1]);
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), faults));
        }
        return options;
    }

    static MapServerSettings settings(Map<String, String> options, Endpoint listen) {
        Endpoint announced = options.containsKey("--announce") ? Endpoint.of(options.get("--announce")) : listen;
        return MapServerSettings.stock(
                        options.getOrDefault("--user", "s1"),
                        options.getOrDefault("--password", "p1"),
                        announced,
                        Endpoint.of(required(options, "--char")),
                        List.of(required(options, "--maps").split(",")),
                        Long.parseLong(options.getOrDefault("--seed", "1")))
                .withAutosave(Duration.ofSeconds(Long.parseLong(options.getOrDefault("--autosave-seconds", "30"))))
                .withoutPreventLogout();
    }

    private static String required(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": missing (expected: a value)");
        }
        return value;
    }
}
