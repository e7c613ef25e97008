package io.p2phost.assignment;

import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.ServiceApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** The map-assignment service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class MapAssignmentApplication {
    /** Starts the service; closing the context stops it. */
    public static ConfigurableApplicationContext start(String... args) {
        return ServiceApplication.start(MapAssignmentApplication.class, ServiceName.MAP_ASSIGNMENT, args);
    }

    public static void main(String[] args) {
        start(args);
    }
}
