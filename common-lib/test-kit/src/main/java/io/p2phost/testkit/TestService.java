package io.p2phost.testkit;

import io.p2phost.contracts.ServiceName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A whole service running in the test's JVM on free ports, as {@code XApplication.start(args)} starts it in production.
 *
 * @param context its application context, for the rare look inside
 */
public record TestService(ConfigurableApplicationContext context) implements AutoCloseable {
    /**
     * Starts a service with a database of its own.
     *
     * @param start the application's start method
     * @param settings further properties
     */
    public static TestService start(
            Function<String[], ConfigurableApplicationContext> start,
            ServiceName service,
            TestTokens tokens,
            Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>();
        if (service.hasSchema() && !settings.containsKey("spring.datasource.url")) {
            all.putAll(databaseSettings(service));
        }
        if (service.hasSchema()) {
            all.put("spring.kafka.bootstrap-servers", TestInfra.shared().bootstrapServers());
        }
        all.put("server.port", "0");
        all.put("management.server.port", "0");
        all.put("p2p.embedded", "true");
        all.put("p2p.tokens.private-key", tokens.privateKeyOf(service));
        all.put("p2p.tokens.service-keys", tokens.serviceKeys());
        all.put("p2p.services.host-registry", tokens.registryUrl());
        all.putAll(settings);
        List<String> args = new ArrayList<>();
        all.forEach((key, value) -> args.add("--" + key + "=" + value));
        return new TestService(start.apply(args.toArray(String[]::new)));
    }

    /** Settings of a new database; give the same ones to two services to make them two instances of one. */
    public static Map<String, String> databaseSettings(ServiceName service) {
        TestInfra.Database database = TestInfra.shared().newDatabase(service);
        return Map.of(
                "spring.datasource.url", database.url(),
                "spring.datasource.username", database.user(),
                "spring.datasource.password", database.password());
    }

    public int port() {
        return java.util.Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
                .getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    @Override
    public void close() {
        context.close();
    }
}
