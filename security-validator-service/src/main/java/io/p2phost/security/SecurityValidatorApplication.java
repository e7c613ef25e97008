package io.p2phost.security;

import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.ServiceApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts security-validator. */
@SpringBootApplication
public class SecurityValidatorApplication {
    public static ConfigurableApplicationContext start(String... args) {
        return ServiceApplication.start(SecurityValidatorApplication.class, ServiceName.SECURITY_VALIDATOR, args);
    }

    public static void main(String[] args) {
        start(args);
    }
}
