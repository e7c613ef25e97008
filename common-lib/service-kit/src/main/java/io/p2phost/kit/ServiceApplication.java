package io.p2phost.kit;

import io.p2phost.contracts.ServiceName;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.io.DefaultResourceLoader;

/** Starts a service with the suite's defaults; the returned context is the handle that stops it. */
public final class ServiceApplication {
    /** Set by a launcher that runs several services in one JVM and stops them itself. */
    private static final String EMBEDDED = "p2p.embedded";

    private ServiceApplication() {}

    /**
     * Starts the application. Everything here is a default that the service's {@code application.yml}, environment or
     * arguments override.
     */
    public static ConfigurableApplicationContext start(Class<?> application, ServiceName service, String... args) {
        SpringApplication spring = new SpringApplication(application);
        spring.setResourceLoader(new DefaultResourceLoader(application.getClassLoader()));
        spring.setBannerMode(Banner.Mode.OFF);
        spring.setDefaultProperties(defaults(service));
        spring.setRegisterShutdownHook(!"true".equals(new SimpleCommandLinePropertySource(args).getProperty(EMBEDDED)));
        return spring.run(args);
    }

    private static Map<String, Object> defaults(ServiceName service) {
        Map<String, Object> defaults = new HashMap<>();
        defaults.put("spring.application.name", service.id());
        defaults.put("p2p.service", service.id());
        defaults.put("p2p.bind-address", "127.0.0.1");
        defaults.put("server.port", service.defaultPort());
        defaults.put("server.address", "${p2p.bind-address}");
        defaults.put("server.shutdown", "graceful");
        defaults.put("management.server.port", service.defaultManagementPort());
        defaults.put("management.server.address", "${p2p.bind-address}");
        defaults.put("management.endpoints.web.exposure.include", "health,prometheus,info");
        defaults.put("management.endpoint.health.probes.enabled", "true");
        defaults.put("management.endpoint.health.show-components", "always");
        defaults.put("spring.lifecycle.timeout-per-shutdown-phase", "5s");
        defaults.put("spring.threads.virtual.enabled", "true");
        defaults.put("spring.jmx.enabled", "false");
        defaults.put("spring.main.allow-circular-references", "false");
        // One line per failed attempt and client, for as long as Kafka is away: the ping and our own lines say it.
        defaults.put("logging.level.org.apache.kafka.clients.NetworkClient", "ERROR");
        defaults.put("springdoc.paths-to-match", "/api/v1/**");
        if (service.hasSchema()) {
            defaults.put("spring.datasource.url", "jdbc:postgresql://127.0.0.1:15432/p2p");
            defaults.put("spring.datasource.username", service.schema());
            // A small pool: the database is shared by seven services on a small machine, and a short queue in front
            // of it (answered 503 at its end) beats a long one inside PostgreSQL.
            defaults.put("spring.datasource.hikari.maximum-pool-size", "8");
            defaults.put("spring.datasource.hikari.minimum-idle", "1");
            defaults.put("spring.datasource.hikari.connection-timeout", "3000");
            defaults.put("spring.datasource.hikari.validation-timeout", "1000");
            defaults.put("spring.datasource.hikari.schema", service.schema());
            defaults.put("spring.datasource.hikari.data-source-properties.tcpKeepAlive", "true");
            defaults.put("spring.datasource.hikari.data-source-properties.connectTimeout", "3");
            defaults.put("spring.datasource.hikari.data-source-properties.socketTimeout", "20");
            defaults.put("spring.flyway.schemas", service.schema());
            defaults.put("spring.flyway.default-schema", service.schema());
            defaults.put("spring.flyway.create-schemas", "false");
            defaults.put("spring.flyway.locations", "classpath:db/kit,classpath:db/migration");
            defaults.put("spring.flyway.out-of-order", "true");
            defaults.put("spring.jpa.open-in-view", "false");
            defaults.put("spring.jpa.hibernate.ddl-auto", "none");
            defaults.put("spring.jpa.properties.hibernate.default_schema", service.schema());
            defaults.put("spring.kafka.bootstrap-servers", "127.0.0.1:19092");
        }
        return defaults;
    }
}
