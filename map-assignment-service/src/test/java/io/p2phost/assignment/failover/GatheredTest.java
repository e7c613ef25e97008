package io.p2phost.assignment.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Many questions, few calls. */
class GatheredTest {
    private final List<Set<String>> calls = new ArrayList<>();
    private final Map<String, Integer> answers = new HashMap<>(Map.of("a", 1, "b", 2));
    private final Deque<Runnable> started = new ArrayDeque<>();
    private Runnable during = () -> {};
    private final Gathered<String, Integer> gathered = new Gathered<>(this::call, started::add, 3);

    private Map<String, Integer> call(Set<String> questions) {
        calls.add(questions);
        during.run();
        return answers;
    }

    @Test
    void whatWaitsTogetherIsAskedTogether() {
        CompletableFuture<Optional<Integer>> a = gathered.ask("a");
        CompletableFuture<Optional<Integer>> b = gathered.ask("b");
        CompletableFuture<Optional<Integer>> unknown = gathered.ask("c");
        assertThat(gathered.ask("a")).isSameAs(a);
        assertThat(started).hasSize(1);

        started.remove().run();
        assertThat(calls).containsExactly(Set.of("a", "b", "c"));
        assertThat(a).isCompletedWithValue(Optional.of(1));
        assertThat(b).isCompletedWithValue(Optional.of(2));
        assertThat(unknown).isCompletedWithValue(Optional.empty());

        gathered.ask("a");
        assertThat(started).hasSize(1);
    }

    @Test
    void whoAsksDuringACallGetsTheAnswerOfTheNext() {
        List<CompletableFuture<Optional<Integer>>> later = new ArrayList<>();
        during = () -> {
            if (calls.size() == 1) {
                later.add(gathered.ask("a"));
                answers.put("a", 7);
            }
        };
        CompletableFuture<Optional<Integer>> first = gathered.ask("a");
        answers.put("a", 1);
        started.remove().run();

        assertThat(calls).containsExactly(Set.of("a"), Set.of("a"));
        assertThat(started).isEmpty();
        assertThat(first).isNotSameAs(later.getFirst());
        assertThat(later.getFirst()).isCompletedWithValue(Optional.of(7));
    }

    @Test
    void aCallThatFailsFailsItsOwnQuestionsOnly() {
        during = () -> {
            throw new IllegalStateException("away");
        };
        CompletableFuture<Optional<Integer>> first = gathered.ask("a");
        started.remove().run();
        assertThatThrownBy(first::join).hasRootCauseMessage("away");

        during = () -> {};
        CompletableFuture<Optional<Integer>> second = gathered.ask("a");
        started.remove().run();
        assertThat(second).isCompletedWithValue(Optional.of(1));
    }

    @Test
    void oneTooManyIsRefused() {
        gathered.ask("a");
        gathered.ask("b");
        gathered.ask("c");
        assertThatThrownBy(gathered.ask("d")::join).hasCauseInstanceOf(RejectedExecutionException.class);
        started.remove().run();
        assertThat(calls).containsExactly(Set.of("a", "b", "c"));
        assertThat(gathered.ask("d")).isNotCompletedExceptionally();
    }

    @Test
    void withNobodyToRunItEveryQuestionFails() {
        Gathered<String, Integer> closed = new Gathered<>(
                this::call,
                task -> {
                    throw new RejectedExecutionException("closed");
                },
                3);
        assertThatThrownBy(closed.ask("a")::join).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(closed.ask("a")::join).hasCauseInstanceOf(RejectedExecutionException.class);
    }
}
