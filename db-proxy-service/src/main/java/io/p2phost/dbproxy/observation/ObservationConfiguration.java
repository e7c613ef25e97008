package io.p2phost.dbproxy.observation;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.kit.outbox.ObservationEvents;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** The collector, and what makes it publish. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class ObservationConfiguration {
    @Bean
    ObservationCollector observationCollector(ObservationEvents observations, Clock clock, MeterRegistry meters) {
        return new ObservationCollector(observations::publish, clock, meters);
    }

    @Bean
    Flush observationFlush(ObservationCollector collector) {
        return new Flush(collector);
    }

    /** Publishes what is complete, once a second. */
    static class Flush {
        private final ObservationCollector collector;

        Flush(ObservationCollector collector) {
            this.collector = collector;
        }

        @Scheduled(fixedDelayString = "PT1S")
        void flush() {
            collector.flush();
        }
    }
}
