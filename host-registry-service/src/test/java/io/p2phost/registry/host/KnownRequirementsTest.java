package io.p2phost.registry.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.MutableClock;
import io.p2phost.registry.refusal.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownRequirementsTest {
    private static final Requirements ONE = new Requirements(1, List.of(new TierRequirement(1, 3, 4, 8, 100)), 100);
    private static final Requirements TWO = new Requirements(2, List.of(new TierRequirement(1, 2, 2, 4, 50)), 100);

    private Optional<Requirements> answer = Optional.empty();
    private final List<Requirements> saved = new ArrayList<>();
    private final RequirementsStore store = new RequirementsStore() {
        @Override
        public Optional<Requirements> load() {
            return saved.isEmpty() ? Optional.empty() : Optional.of(saved.getLast());
        }

        @Override
        public void save(Requirements requirements, Instant now) {
            saved.add(requirements);
        }
    };

    private KnownRequirements started() {
        return new KnownRequirements(() -> answer, store, new MutableClock());
    }

    @Test
    void theNewestAnswerCountsAndIsStoredOnce() {
        KnownRequirements known = started();
        answer = Optional.of(ONE);
        assertThat(known.current()).isEqualTo(ONE);
        known.current();
        answer = Optional.of(TWO);
        assertThat(known.current()).isEqualTo(TWO);

        assertThat(saved).containsExactly(ONE, TWO);
    }

    @Test
    void theLastAnswerCountsWhileThereIsNoneAlsoAfterARestart() {
        answer = Optional.of(ONE);
        KnownRequirements known = started();
        known.current();
        answer = Optional.empty();

        assertThat(known.current()).isEqualTo(ONE);
        assertThat(started().current()).isEqualTo(ONE);
    }

    @Test
    void requirementsThatWereNeverKnownAreNotInvented() {
        assertThatThrownBy(() -> started().current())
                .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }
}
