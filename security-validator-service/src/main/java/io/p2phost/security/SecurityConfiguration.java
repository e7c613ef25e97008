package io.p2phost.security;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.consume.EventSubscription;
import io.p2phost.kit.web.PartState;
import io.p2phost.security.reference.CurrentReference;
import io.p2phost.security.reference.ReferenceFiles;
import io.p2phost.security.verdict.StrikeBook;
import io.p2phost.security.verdict.ValidationStore;
import io.p2phost.security.verdict.Validations;
import io.p2phost.security.verdict.VerdictEvents;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;

/** Wiring of the validator. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecurityProperties.class)
@EnableScheduling
class SecurityConfiguration {
    private static final Logger log = LoggerFactory.getLogger(SecurityConfiguration.class);
    private static final int REMOVED_AT_ONCE = 1_000;

    @Bean
    CurrentReference currentReference(SecurityProperties properties, MeterRegistry meters) {
        String folder = properties.referenceDir().strip();
        if (folder.isEmpty()) {
            log.info("p2p.security.reference-dir is empty: what needs a reference will be inconclusive");
            return new CurrentReference(null, meters);
        }
        return new CurrentReference(
                new ReferenceFiles(Path.of(folder), ReferenceFiles.Mode.of(properties.mode())), meters);
    }

    @Bean
    Validations validations(
            CurrentReference reference,
            SecurityProperties properties,
            ValidationStore store,
            StrikeBook strikes,
            VerdictEvents events,
            Clock clock,
            MeterRegistry meters) {
        return new Validations(
                reference,
                properties.rates().rates(),
                properties.ceilings(),
                properties.strikes(),
                new Validations.Ports(store, strikes, events, clock),
                meters);
    }

    @Bean
    EventSubscription<Observation> observations(Validations validations) {
        return EventSubscription.group(
                "observations", Topics.OBSERVATIONS, Observation.class, event -> validations.judge(event.data()));
    }

    @Bean
    EventSubscription<HostStateChanged> hostStates(Validations validations) {
        return EventSubscription.group(
                "host-states",
                Topics.HOST_STATE,
                HostStateChanged.class,
                event -> validations.hostChanged(event.data(), event.epoch()));
    }

    @Bean
    PartState referenceState(CurrentReference reference) {
        return () -> Map.of("reference", reference.fault().isEmpty() ? "UP" : reference.fault());
    }

    @Bean
    Chores chores(CurrentReference reference, ValidationStore store, SecurityProperties properties, Clock clock) {
        return new Chores(reference, store, properties, clock);
    }

    /** What is done every now and then. */
    static class Chores {
        private final CurrentReference reference;
        private final ValidationStore store;
        private final SecurityProperties properties;
        private final Clock clock;

        Chores(CurrentReference reference, ValidationStore store, SecurityProperties properties, Clock clock) {
            this.reference = reference;
            this.store = store;
            this.properties = properties;
            this.clock = clock;
        }

        @Scheduled(
                fixedDelayString = "${p2p.security.check-interval:30s}",
                initialDelayString = "${p2p.security.check-interval:30s}")
        void lookAtReference() {
            reference.refresh();
        }

        @Scheduled(fixedDelayString = "10m", initialDelayString = "1m")
        void forgetOldVerdicts() {
            try {
                int removed = store.removeBefore(clock.instant().minus(properties.keep()), REMOVED_AT_ONCE);
                if (removed > 0) {
                    log.info("{} verdicts older than {} removed", removed, properties.keep());
                }
            } catch (DataAccessException | TransactionException e) {
                log.warn("old verdicts stay for now: {}", e.getMessage());
            }
        }
    }
}
