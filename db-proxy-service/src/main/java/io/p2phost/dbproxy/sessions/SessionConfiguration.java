package io.p2phost.dbproxy.sessions;

import io.p2phost.kit.web.PartState;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the ping says about sessions. The writer itself is made where the multiplexer's loop is. */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {
    @Bean
    PartState sessionState(ObjectProvider<SessionWriter> writers) {
        return () -> writers.stream()
                .findFirst()
                .map(writer -> Map.of("sessions", writer.state()))
                .orElse(Map.of());
    }
}
