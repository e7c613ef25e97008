package io.p2phost.registry.host.kafka;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.event.HostHeartbeat;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.outbox.DirectEvents;
import io.p2phost.kit.outbox.Envelopes;
import io.p2phost.kit.outbox.Outbox;
import io.p2phost.registry.host.Capability;
import io.p2phost.registry.host.Host;
import io.p2phost.registry.host.HostEvents;
import io.p2phost.registry.host.Load;
import io.p2phost.registry.host.ServedMap;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class KafkaHostEvents implements HostEvents {
    private final Outbox outbox;
    private final DirectEvents direct;
    private final Envelopes envelopes;

    KafkaHostEvents(Outbox outbox, DirectEvents direct, Envelopes envelopes) {
        this.outbox = outbox;
        this.direct = direct;
        this.envelopes = envelopes;
    }

    @Override
    public void changed(Host host) {
        outbox.append(
                Topics.HOST_STATE, envelopes.of(HostStateChanged.TYPE, host.id().value(), host.version(), event(host)));
    }

    private static HostStateChanged event(Host host) {
        Capability machine = host.capability();
        Load load = host.load();
        return new HostStateChanged(
                host.id(),
                host.accountId(),
                host.name(),
                host.region(),
                host.state(),
                host.tier(),
                machine.cpuGhz(),
                machine.cpuCores(),
                machine.ramGb(),
                machine.networkMbps(),
                machine.maxMaps(),
                load == null ? null : load.cpuPercent(),
                load == null ? null : load.memoryPercent(),
                load == null ? null : load.networkPercent(),
                load == null ? null : load.latencyMs(),
                load == null ? null : load.packetLossPercent(),
                host.readySince(),
                host.reason());
    }

    @Override
    public void heartbeat(HostId host, Instant receivedAt, Load load, List<ServedMap> maps) {
        direct.send(
                Topics.HOST_HEARTBEATS,
                envelopes.of(
                        HostHeartbeat.TYPE,
                        host.value(),
                        0,
                        new HostHeartbeat(
                                host,
                                receivedAt,
                                load.cpuPercent(),
                                load.memoryPercent(),
                                load.networkPercent(),
                                load.latencyMs(),
                                load.packetLossPercent(),
                                maps.stream()
                                        .map(m -> new HostHeartbeat.ServedMap(m.map(), m.epoch(), m.players()))
                                        .toList())));
    }
}
