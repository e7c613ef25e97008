package io.p2phost.dbproxy;

import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.ServiceApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** The db-proxy service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class DbProxyApplication {
    /** Starts the service; closing the context stops it. */
    public static ConfigurableApplicationContext start(String... args) {
        return ServiceApplication.start(DbProxyApplication.class, ServiceName.DB_PROXY, args);
    }

    public static void main(String[] args) {
        start(args);
    }
}
