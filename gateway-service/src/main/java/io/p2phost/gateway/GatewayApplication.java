package io.p2phost.gateway;

import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.ServiceApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts gateway. */
@SpringBootApplication
public class GatewayApplication {
    public static ConfigurableApplicationContext start(String... args) {
        return ServiceApplication.start(GatewayApplication.class, ServiceName.GATEWAY, args);
    }

    public static void main(String[] args) {
        start(args);
    }
}
