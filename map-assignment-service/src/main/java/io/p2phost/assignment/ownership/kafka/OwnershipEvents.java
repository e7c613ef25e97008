package io.p2phost.assignment.ownership.kafka;

import io.p2phost.assignment.ownership.ActiveMaps;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.ReadySignal;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.contracts.event.AssignmentChanged;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.consume.EventSubscription;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What this service hears of hosts and of owners in effect. */
@Configuration(proxyBeanMethods = false)
class OwnershipEvents {
    @Bean
    EventSubscription<HostStateChanged> hostStateEvents(HostIndex index, ActiveMaps activeMaps) {
        return EventSubscription.broadcast("host-states", Topics.HOST_STATE, HostStateChanged.class, event -> {
            index.put(event.data(), event.epoch());
            activeMaps.tell(event.data().hostId());
        });
    }

    @Bean
    EventSubscription<AssignmentChanged> activeMapEvents(ActiveMaps activeMaps, ReadySignal signal) {
        return EventSubscription.broadcast("active-maps", Topics.ASSIGNMENTS, AssignmentChanged.class, event -> {
            activeMaps.note(
                    event.data().map(),
                    event.data().epoch().value(),
                    event.data().owner());
            signal.raise();
        });
    }

    @Bean
    EventSubscription<AssignmentChanged> ownerEvents(MapStates states, Clock clock) {
        return EventSubscription.group(
                "owners-in-effect",
                Topics.ASSIGNMENTS,
                AssignmentChanged.class,
                event -> states.adopt(
                        event.data().map(), event.data().epoch(), event.data().owner(), clock.instant()));
    }
}
