package io.p2phost.dbproxy.suite;

import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.tokens.ServiceTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The relay as a process, for runs with real servers: {@code --front IP:PORT --db-proxy URL --key FILE --hosts FILE}, and
 * if wanted {@code --form splice|server-move --id NAME}. The key is the relay's own, in base64; a line of the other file
 * is {@code hostId=IP:PORT}, and it is read anew each time.
 */
final class TestRelayMain {
    private TestRelayMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].substring(2), args[i + 1]);
        }
        Function<String, String> needed = name -> {
            String value = options.get(name);
            if (value == null) {
                throw new IllegalArgumentException("--" + name + ": missing");
            }
            return value;
        };
        ServiceTokens tokens =
                new ServiceTokens(ServiceName.RELAY, Files.readString(Path.of(needed.apply("key"))), Clock.systemUTC());
        Path hosts = Path.of(needed.apply("hosts"));
        TestRelay relay = TestRelay.start(new TestRelay.Settings(
                options.getOrDefault("id", "relay-test"),
                address(needed.apply("front")),
                URI.create(needed.apply("db-proxy")),
                () -> tokens.tokenFor(ServiceName.DB_PROXY),
                id -> host(hosts, id),
                TestRelay.Form.valueOf(options.getOrDefault("form", "server-move")
                        .replace('-', '_')
                        .toUpperCase(Locale.ROOT)),
                (account, what) -> System.out.println(Instant.now() + " " + account + " " + what)));
        System.out.println("front " + relay.front() + ", orders at " + relay.apiUrl());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("faults " + relay.faults())));
        new CountDownLatch(1).await();
    }

    private static @Nullable InetSocketAddress host(Path file, String id) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(id + "="))
                    .findFirst()
                    .map(line -> address(line.substring(id.length() + 1)))
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
}
