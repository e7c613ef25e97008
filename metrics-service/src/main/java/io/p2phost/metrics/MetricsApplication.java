package io.p2phost.metrics;

import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.ServiceApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The metrics service. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class MetricsApplication {
    /** Starts the service; closing the context stops it. */
    public static ConfigurableApplicationContext start(String... args) {
        return ServiceApplication.start(MetricsApplication.class, ServiceName.METRICS, args);
    }

    public static void main(String[] args) {
        start(args);
    }
}
