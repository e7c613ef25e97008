package io.p2phost.registry;

import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.ServiceApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** The host registry as a program. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class HostRegistryApplication {
    public static void main(String[] args) {
        start(args);
    }

    /** Starts the service; closing the context stops it. */
    public static ConfigurableApplicationContext start(String... args) {
        return ServiceApplication.start(HostRegistryApplication.class, ServiceName.HOST_REGISTRY, args);
    }
}
