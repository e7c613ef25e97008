package io.p2phost.relay;

import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.ServiceApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** The relay service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class RelayApplication {
    /** Starts the service; closing the context stops it. */
    public static ConfigurableApplicationContext start(String... args) {
        return ServiceApplication.start(RelayApplication.class, ServiceName.RELAY, args);
    }

    public static void main(String[] args) {
        start(args);
    }
}
