package io.p2phost.relay.tunnel;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.tunnel.TunnelAuthoriser;
import io.p2phost.relay.telemetry.RelayMetrics;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Admits a host with a good certificate by its live state: asked from the registry, or the last one an event told when
 * the registry does not answer. A host that neither knows is told to try again.
 */
public final class HostAdmission implements TunnelAuthoriser, AutoCloseable {
    /** Questions to the registry at once; a host beyond them is told to try again. */
    static final int MAX_QUESTIONS = 64;

    private final HostRegistry registry;
    private final HostStates states;
    private final RelayMetrics metrics;
    private final Semaphore questions = new Semaphore(MAX_QUESTIONS);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    public HostAdmission(HostRegistry registry, HostStates states, RelayMetrics metrics) {
        this.registry = registry;
        this.states = states;
        this.metrics = metrics;
    }

    @Override
    public CompletionStage<Optional<GoAwayCode>> authorise(HostId host) {
        if (!questions.tryAcquire()) {
            return CompletableFuture.completedFuture(counted(Optional.of(GoAwayCode.OVERLOADED)));
        }
        return CompletableFuture.supplyAsync(() -> counted(judge(host)), executor)
                .whenComplete((verdict, failure) -> questions.release());
    }

    private Optional<GoAwayCode> counted(Optional<GoAwayCode> refusal) {
        metrics.judged(refusal);
        return refusal;
    }

    Optional<GoAwayCode> judge(HostId host) {
        return switch (registry.stateOf(host)) {
            case HostRegistry.Answer.Known known -> refusal(known.state());
            case HostRegistry.Answer.NoSuchHost none -> Optional.of(GoAwayCode.NOT_ADMITTED);
            case HostRegistry.Answer.Unavailable away ->
                states.stateOf(host).map(HostAdmission::refusal).orElse(Optional.of(GoAwayCode.OVERLOADED));
        };
    }

    private static Optional<GoAwayCode> refusal(HostLifeState state) {
        return switch (state) {
            case READY, UNHEALTHY, DRAINING -> Optional.empty();
            case ENROLLED, OFFLINE, QUARANTINED -> Optional.of(GoAwayCode.NOT_ADMITTED);
            case BLACKLISTED -> Optional.of(GoAwayCode.BLACKLISTED);
        };
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
