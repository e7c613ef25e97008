package io.p2phost.assignment.status.net;

import io.p2phost.assignment.status.ServiceState;
import io.p2phost.assignment.status.Services;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import io.p2phost.kit.web.PartState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/** Every service's ping, all at once; this service looks at its own parts. */
@Component
class PingedServices implements Services, AutoCloseable {
    /** A service whose database and broker both hang takes nearly two seconds to say so. */
    private static final Duration DEADLINE = Duration.ofMillis(2_500);

    private final InternalClients clients;
    private final ServiceName self;
    private final List<PartState> ownParts;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    PingedServices(InternalClients clients, ServiceName self, List<PartState> ownParts) {
        this.clients = clients;
        this.self = self;
        this.ownParts = ownParts;
    }

    @Override
    public List<ServiceState> states() {
        Map<ServiceName, Future<ServiceState>> asked = new EnumMap<>(ServiceName.class);
        for (ServiceName service : ServiceName.values()) {
            asked.put(service, executor.submit(() -> service == self ? own() : ping(service)));
        }
        List<ServiceState> states = new ArrayList<>();
        asked.forEach((service, answer) -> states.add(answerOf(service, answer)));
        return states;
    }

    private static ServiceState answerOf(ServiceName service, Future<ServiceState> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return down(service, "was not asked");
        } catch (ExecutionException e) {
            return down(service, "could not be asked");
        }
    }

    private ServiceState own() {
        Map<String, String> parts = new TreeMap<>();
        ownParts.forEach(part -> parts.putAll(part.states()));
        boolean up = parts.values().stream().allMatch(ServiceState.UP::equals);
        return new ServiceState(self, up ? ServiceState.UP : "DEGRADED", parts);
    }

    private ServiceState ping(ServiceName service) {
        try {
            Ping ping = clients.rest(service, DEADLINE)
                    .get()
                    .uri("/internal/v1/ping")
                    .retrieve()
                    .body(Ping.class);
            return ping == null || ping.state() == null
                    ? down(service, "answered nothing")
                    : new ServiceState(service, ping.state(), ping.parts() == null ? Map.of() : ping.parts());
        } catch (PeerUnavailableException e) {
            return down(service, "does not answer");
        } catch (PeerProblemException e) {
            return down(service, "answered " + e.status());
        } catch (RestClientException e) {
            return down(service, "answered something else than a ping");
        }
    }

    private static ServiceState down(ServiceName service, String reason) {
        return new ServiceState(service, ServiceState.DOWN, Map.of("service", reason));
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    record Ping(@Nullable String state, @Nullable Map<String, String> parts) {}
}
