package io.p2phost.assignment.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.assignment.catalogue.MapEntry;
import io.p2phost.assignment.entry.Chooser.Chosen;
import io.p2phost.assignment.entry.DecisionAnswer.Decision;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.contracts.MapName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What Decisions adds to choosing: once a map, bounded, the same answer to the same request. */
class DecisionsTest {
    private static final MapName FIELD = new MapName("prt_fild08");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Answers answers = new Answers();
    private final AtomicInteger chosen = new AtomicInteger();
    private volatile Supplier<Chosen> choice = () -> new Chosen.Home(MapState.unowned(FIELD), Reason.NO_HOST);
    private final Decisions decisions = new Decisions(
            (entry, region) -> {
                chosen.incrementAndGet();
                return choice.get();
            },
            map -> map.value().startsWith("no_") ? Optional.empty() : Optional.of(entry(map)),
            answers,
            () -> Instant.EPOCH,
            meters);

    @Test
    void sameRequestIsDecidedOnce() {
        EntryRequest request = request(FIELD, 1);

        DecisionAnswer first = decisions.decide(request).orElseThrow();
        choice = () -> new Chosen.Changing(MapState.unowned(FIELD));

        assertThat(first).isEqualTo(new DecisionAnswer(Decision.VPS, Reason.NO_HOST, null));
        assertThat(decisions.decide(request)).contains(first);
        assertThat(chosen).hasValue(1);
        assertThat(decisions.decide(request(FIELD, 1)).orElseThrow().decision()).isEqualTo(Decision.ASSIGNING);
    }

    @Test
    void requestIdOfAnotherDecisionIsRefused() {
        EntryRequest request = request(FIELD, 1);
        decisions.decide(request);

        assertThat(decisions.decide(new EntryRequest(request.requestId(), FIELD, 2, null)))
                .isEmpty();
        assertThat(decisions.decide(new EntryRequest(request.requestId(), new MapName("pay_fild01"), 1, null)))
                .isEmpty();
    }

    @Test
    void unknownMapStaysOnTheVps() {
        assertThat(decisions.decide(request(new MapName("no_map"), 1)))
                .contains(new DecisionAnswer(Decision.VPS, Reason.UNKNOWN_MAP, null));
        assertThat(chosen).hasValue(0);
    }

    @Test
    void whoAsksForAMapThatIsBeingDecidedIsToldSoAtOnce() throws Exception {
        try (Held held = new Held(1)) {
            EntryRequest second = request(FIELD, 2);
            assertThat(decisions.decide(second)).contains(new DecisionAnswer(Decision.ASSIGNING, Reason.BUSY, null));
            assertThat(chosen).hasValue(1);
            held.release();
            assertThat(held.answer(0).reason()).isEqualTo(Reason.NO_HOST);
            assertThat(decisions.decide(second).orElseThrow().reason())
                    .as("it was no decision, so it was not kept")
                    .isEqualTo(Reason.NO_HOST);
        }
    }

    @Test
    void mapsDecidedAtOnceAreBounded() throws Exception {
        try (Held held = new Held(Decisions.MAX_IN_FLIGHT)) {
            assertThat(meters.get("p2p_assignment_decisions_in_flight").gauge().value())
                    .isEqualTo(Decisions.MAX_IN_FLIGHT);
            assertThat(decisions.decide(request(new MapName("one_more"), 1)))
                    .contains(new DecisionAnswer(Decision.VPS, Reason.BUSY, null));
            assertThat(chosen).hasValue(Decisions.MAX_IN_FLIGHT);
            held.release();
            for (int i = 0; i < Decisions.MAX_IN_FLIGHT; i++) {
                held.answer(i);
            }
        }
        assertThat(decisions
                        .decide(request(new MapName("one_more"), 1))
                        .orElseThrow()
                        .reason())
                .isEqualTo(Reason.NO_HOST);
    }

    @Test
    void decisionThatFailedLeavesNothingBehind() {
        choice = () -> {
            throw new IllegalStateException("the database does not answer");
        };
        for (int i = 0; i <= Decisions.MAX_IN_FLIGHT; i++) {
            assertThatThrownBy(() -> decisions.decide(request(FIELD, 1))).isInstanceOf(IllegalStateException.class);
        }
        choice = () -> new Chosen.Home(MapState.unowned(FIELD), Reason.NO_HOST);

        assertThat(decisions.decide(request(FIELD, 1)).orElseThrow().reason()).isEqualTo(Reason.NO_HOST);
    }

    private static EntryRequest request(MapName map, long account) {
        return new EntryRequest(UUID.randomUUID(), map, account, null);
    }

    private static MapEntry entry(MapName map) {
        return new MapEntry(map, MapEntry.Eligibility.ELIGIBLE, 1, null, "test");
    }

    /** Decisions of as many maps, the first of them FIELD, that do not end before they are released. */
    private final class Held implements AutoCloseable {
        private final Semaphore go = new Semaphore(0);
        private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        private final List<Future<DecisionAnswer>> running = new ArrayList<>();

        Held(int maps) throws InterruptedException {
            CountDownLatch begun = new CountDownLatch(maps);
            choice = () -> {
                begun.countDown();
                go.acquireUninterruptibly();
                return new Chosen.Home(MapState.unowned(FIELD), Reason.NO_HOST);
            };
            for (int i = 0; i < maps; i++) {
                MapName map = i == 0 ? FIELD : new MapName("map" + i);
                running.add(
                        executor.submit(() -> decisions.decide(request(map, 1)).orElseThrow()));
            }
            begun.await();
        }

        void release() {
            go.release(1_000);
        }

        DecisionAnswer answer(int index) throws Exception {
            return running.get(index).get();
        }

        @Override
        public void close() {
            release();
            executor.close();
        }
    }

    private static final class Answers implements KeptAnswers<DecisionAnswer> {
        private final Map<UUID, Kept<DecisionAnswer>> rows = new HashMap<>();

        @Override
        public synchronized Optional<Kept<DecisionAnswer>> find(UUID requestId) {
            return Optional.ofNullable(rows.get(requestId));
        }

        @Override
        public synchronized Kept<DecisionAnswer> keep(EntryRequest request, DecisionAnswer answer, Instant now) {
            @Nullable
            Kept<DecisionAnswer> first =
                    rows.putIfAbsent(request.requestId(), new Kept<>(request.map(), request.accountId(), answer));
            return first == null ? rows.get(request.requestId()) : first;
        }

        @Override
        public int forget(Instant before, int limit) {
            return 0;
        }
    }
}
