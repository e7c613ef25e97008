package io.p2phost.dbproxy.quarantine;

import io.p2phost.dbproxy.DbProxyProperties;
import io.p2phost.dbproxy.engine.Engine;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.dbproxy.turn.Turn;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/** The confirmations, and what makes time confirm. */
@Configuration(proxyBeanMethods = false)
class QuarantineConfiguration {
    @Bean
    Confirmations confirmations(
            Finds finds, HostIndex hosts, Engine engine, DbProxyProperties properties, Clock clock) {
        return new Confirmations(
                finds,
                host -> hosts.lifeStateOf(host).or(() -> hosts.askRegistry(host)),
                engine::confirmed,
                properties.saves().rareItemsWait(),
                clock);
    }

    @Bean
    Sweep quarantineSweep(Confirmations confirmations, Turn turn) {
        return new Sweep(confirmations, turn);
    }

    /** Once a minute, by the instance that works. */
    static class Sweep {
        private static final Logger log = LoggerFactory.getLogger(Sweep.class);

        private final Confirmations confirmations;
        private final Turn turn;

        Sweep(Confirmations confirmations, Turn turn) {
            this.confirmations = confirmations;
            this.turn = turn;
        }

        @Scheduled(fixedDelayString = "PT1M")
        void sweep() {
            if (!turn.isActive()) {
                return;
            }
            try {
                int confirmed = confirmations.sweep();
                if (confirmed > 0) {
                    log.info("{} finds of rare items are confirmed", confirmed);
                }
            } catch (DataAccessException e) {
                log.warn("finds of rare items are not looked at: {}", e.toString());
            }
        }
    }
}
