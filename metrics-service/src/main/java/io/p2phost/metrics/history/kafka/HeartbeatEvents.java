package io.p2phost.metrics.history.kafka;

import io.p2phost.contracts.event.HostHeartbeat;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.consume.EventSubscription;
import io.p2phost.metrics.history.HostHistory;
import io.p2phost.metrics.history.HostSample;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HeartbeatEvents {
    @Bean
    EventSubscription<HostHeartbeat> heartbeats(HostHistory history) {
        return EventSubscription.group("host-history", Topics.HOST_HEARTBEATS, HostHeartbeat.class, event -> {
            HostHeartbeat beat = event.data();
            history.add(new HostSample(
                    beat.hostId(),
                    beat.receivedAt(),
                    beat.cpuPercent(),
                    beat.memoryPercent(),
                    beat.networkPercent(),
                    beat.latencyMs(),
                    beat.packetLossPercent(),
                    beat.maps().stream()
                            .mapToInt(HostHeartbeat.ServedMap::players)
                            .sum(),
                    beat.maps().size()));
        });
    }
}
