package io.p2phost.assignment.failover.net;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.assignment.AssignmentProperties;
import io.p2phost.assignment.failover.Gathered;
import io.p2phost.assignment.failover.Observers;
import io.p2phost.assignment.ownership.Relays;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/**
 * Every living relay and db-proxy over HTTP, all at once; at most as many relays as are known. Each is asked about all
 * hosts in question together. Who hears the host is asked once more a moment later: the news that it ended may have a
 * longer way to him than to the reporter.
 */
@Component
class HttpObservers implements Observers, AutoCloseable {
    private static final Duration A_MOMENT = Duration.ofMillis(50);
    private static final String DB_PROXY = ServiceName.DB_PROXY.id();

    /** Hosts that one observer is asked about together; what he accepts. */
    private static final int MOST_TOGETHER = 1_000;

    private final InternalClients clients;
    private final Relays relays;
    private final Duration deadline;
    private final Counter silent;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Gathered<HostId, Long> dbProxy;
    private final Map<Relays.Living, Gathered<HostId, Long>> desks = new ConcurrentHashMap<>();

    HttpObservers(InternalClients clients, Relays relays, AssignmentProperties properties, MeterRegistry meters) {
        this.clients = clients;
        this.relays = relays;
        this.deadline = properties.observerDeadline();
        this.silent = meters.counter("p2p_assignment_observers_silent_total");
        this.dbProxy = desk(clients.rest(ServiceName.DB_PROXY, deadline));
    }

    private Gathered<HostId, Long> desk(RestClient observer) {
        return new Gathered<>(hosts -> silences(observer, hosts), executor, MOST_TOGETHER);
    }

    @Override
    public Heard ask(HostId host, Set<String> except) {
        Heard first = askOnce(host, except);
        if (!first.byAnybody()) {
            return first;
        }
        try {
            Thread.sleep(A_MOMENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return askOnce(host, except);
    }

    private Heard askOnce(HostId host, Set<String> except) {
        List<Relays.Living> living = relays.living();
        desks.keySet().retainAll(living);
        Map<String, CompletableFuture<Optional<Long>>> asked = new LinkedHashMap<>();
        for (Relays.Living relay : living) {
            if (!except.contains(relay.relayId())) {
                asked.put(
                        relay.relayId(),
                        desks.computeIfAbsent(relay, r -> desk(clients.rest(r.apiUrl(), ServiceName.RELAY, deadline)))
                                .ask(host));
            }
        }
        if (!except.contains(DB_PROXY)) {
            asked.put(DB_PROXY, dbProxy.ask(host));
        }
        Set<String> heard = new HashSet<>();
        long giveUpAt = System.nanoTime() + deadline.toNanos();
        try {
            for (Map.Entry<String, CompletableFuture<Optional<Long>>> answer : asked.entrySet()) {
                if (isHeard(answer.getValue(), giveUpAt)) {
                    heard.add(answer.getKey());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean byDbProxy = heard.remove(DB_PROXY);
        return new Heard(heard, byDbProxy);
    }

    private boolean isHeard(CompletableFuture<Optional<Long>> answer, long giveUpAt) throws InterruptedException {
        try {
            return answer.get(Math.max(0, giveUpAt - System.nanoTime()), TimeUnit.NANOSECONDS)
                    .filter(millis -> millis < HEARD_MILLIS)
                    .isPresent();
        } catch (ExecutionException | TimeoutException e) {
            silent.increment();
            return false;
        }
    }

    private static Map<HostId, Long> silences(RestClient observer, Set<HostId> hosts) {
        Silences answer = observer.post()
                .uri("/internal/v1/silences")
                .body(new Question(hosts))
                .retrieve()
                .body(Silences.class);
        Map<HostId, Long> millis = new HashMap<>();
        if (answer != null) {
            answer.hosts().forEach(row -> millis.put(row.hostId(), row.silentMillis()));
        }
        return millis;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    record Question(Set<HostId> hosts) {}

    record Silences(List<Silence> hosts) {}

    record Silence(HostId hostId, long silentMillis) {}
}
