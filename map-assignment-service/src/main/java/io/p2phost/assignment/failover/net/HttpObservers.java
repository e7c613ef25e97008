package io.p2phost.assignment.failover.net;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.assignment.AssignmentProperties;
import io.p2phost.assignment.failover.Observers;
import io.p2phost.assignment.ownership.Relays;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.stereotype.Component;

/**
 * Every living relay and db-proxy over HTTP, all at once; at most as many relays as are known. Who hears the host is
 * asked once more a moment later: the news that it ended may have a longer way to him than to the reporter.
 */
@Component
class HttpObservers implements Observers, AutoCloseable {
    private static final Duration A_MOMENT = Duration.ofMillis(50);
    private static final String DB_PROXY = ServiceName.DB_PROXY.id();

    private final InternalClients clients;
    private final Relays relays;
    private final Duration deadline;
    private final Counter silent;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    HttpObservers(InternalClients clients, Relays relays, AssignmentProperties properties, MeterRegistry meters) {
        this.clients = clients;
        this.relays = relays;
        this.deadline = properties.observerDeadline();
        this.silent = meters.counter("p2p_assignment_observers_silent_total");
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
        List<String> asked = new ArrayList<>();
        List<Callable<Boolean>> questions = new ArrayList<>();
        for (Relays.Living relay : relays.living()) {
            if (!except.contains(relay.relayId())) {
                asked.add(relay.relayId());
                questions.add(() -> heardByRelay(relay, host));
            }
        }
        if (!except.contains(DB_PROXY)) {
            asked.add(DB_PROXY);
            questions.add(() -> heardByDbProxy(host));
        }
        Set<String> heard = new HashSet<>();
        try {
            List<Future<Boolean>> answers = executor.invokeAll(questions, deadline.toMillis(), TimeUnit.MILLISECONDS);
            for (int i = 0; i < asked.size(); i++) {
                if (answerOf(answers.get(i))) {
                    heard.add(asked.get(i));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean dbProxy = heard.remove(DB_PROXY);
        return new Heard(heard, dbProxy);
    }

    private boolean answerOf(Future<Boolean> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException | CancellationException e) {
            silent.increment();
            return false;
        }
    }

    private boolean heardByRelay(Relays.Living relay, HostId host) {
        TunnelRow tunnel = clients.rest(relay.apiUrl(), ServiceName.RELAY, deadline)
                .get()
                .uri("/internal/v1/hosts/{id}/tunnel", host.value())
                .retrieve()
                .body(TunnelRow.class);
        return tunnel != null && tunnel.silentMillis() != null && tunnel.silentMillis() < HEARD_MILLIS;
    }

    private boolean heardByDbProxy(HostId host) {
        List<LinkRow> links = clients.rest(ServiceName.DB_PROXY, deadline)
                .get()
                .uri("/internal/v1/hosts/{id}/char-links", host.value())
                .retrieve()
                .body(new ParameterizedTypeReference<List<LinkRow>>() {});
        return links != null && links.stream().anyMatch(link -> link.silentMillis() < HEARD_MILLIS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    record TunnelRow(@Nullable Long silentMillis) {}

    record LinkRow(long silentMillis) {}
}
