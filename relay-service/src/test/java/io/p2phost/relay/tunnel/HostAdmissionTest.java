package io.p2phost.relay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.relay.telemetry.RelayMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostAdmissionTest {
    private static final HostId HOST = HostId.random();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HostStates states = new HostStates();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile HostRegistry registry = host -> new HostRegistry.Answer.Unavailable();
    private final HostAdmission admission =
            new HostAdmission(host -> registry.stateOf(host), states, new RelayMetrics(meters));

    @AfterEach
    void close() {
        gate.countDown();
        admission.close();
    }

    @ParameterizedTest
    @CsvSource({
        "READY, ",
        "UNHEALTHY, ",
        "DRAINING, ",
        "ENROLLED, NOT_ADMITTED",
        "OFFLINE, NOT_ADMITTED",
        "QUARANTINED, NOT_ADMITTED",
        "BLACKLISTED, BLACKLISTED"
    })
    void stateDecides(HostLifeState state, GoAwayCode refusal) {
        registry = host -> new HostRegistry.Answer.Known(state);
        assertThat(admission.judge(HOST)).isEqualTo(Optional.ofNullable(refusal));
        registry = host -> new HostRegistry.Answer.Unavailable();
        states.update(HOST, state, 1);
        assertThat(admission.judge(HOST)).as("by its event").isEqualTo(Optional.ofNullable(refusal));
    }

    @Test
    void hostThatNobodyKnowsIsRefused() {
        registry = host -> new HostRegistry.Answer.NoSuchHost();
        assertThat(admission.judge(HOST)).contains(GoAwayCode.NOT_ADMITTED);
        registry = host -> new HostRegistry.Answer.Unavailable();
        assertThat(admission.judge(HOST)).as("try again").contains(GoAwayCode.OVERLOADED);
    }

    @Test
    void olderEventChangesNothingAndEachBlacklistingIsTold() {
        List<HostId> told = new ArrayList<>();
        states.onBlacklisted(told::add);
        states.update(HOST, HostLifeState.BLACKLISTED, 5);
        states.update(HOST, HostLifeState.READY, 4);
        assertThat(states.stateOf(HOST)).contains(HostLifeState.BLACKLISTED);
        assertThat(told).containsExactly(HOST);
        states.update(HostId.random(), HostLifeState.READY, 1);
        assertThat(told).hasSize(1);
    }

    @Test
    void questionsAtOnceAreBounded() throws Exception {
        registry = host -> {
            await(gate);
            return new HostRegistry.Answer.Known(HostLifeState.READY);
        };
        List<CompletableFuture<Optional<GoAwayCode>>> asked = new ArrayList<>();
        for (int i = 0; i < HostAdmission.MAX_QUESTIONS; i++) {
            asked.add(admission.authorise(HostId.random()).toCompletableFuture());
        }

        assertThat(admission.authorise(HOST).toCompletableFuture().getNow(Optional.empty()))
                .contains(GoAwayCode.OVERLOADED);

        gate.countDown();
        for (CompletableFuture<Optional<GoAwayCode>> verdict : asked) {
            assertThat(verdict.get(30, TimeUnit.SECONDS)).isEmpty();
        }
        org.awaitility.Awaitility.await()
                .until(() -> admission
                        .authorise(HOST)
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS)
                        .isEmpty());
        assertThat(meters.counter("p2p_relay_admissions_total", "outcome", "overloaded")
                        .count())
                .isPositive();
        assertThat(meters.counter("p2p_relay_admissions_total", "outcome", "admitted")
                        .count())
                .isGreaterThan(HostAdmission.MAX_QUESTIONS);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
