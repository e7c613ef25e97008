package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StoryTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final StringWriter out = new StringWriter();
    private final Story story = new Story(new PrintWriter(out));

    @Test
    void stepsAreNumberedAndTold() {
        story.step("First", LONG, () -> story.say("one\ntwo"));
        story.step("Second", LONG, () -> {});
        assertThat(out.toString())
                .containsSubsequence(" 1. First", "    one", "    two", "    ok, ", " 2. Second", "ok");
    }

    @Test
    void failingStepIsNamedWithItsReason() {
        story.step("First", LONG, () -> {});
        assertThatThrownBy(() -> story.step("Second", LONG, () -> {
                    throw new DemoFailure("epoch: 1 (expected: 2)");
                }))
                .isInstanceOf(DemoFailure.class)
                .hasMessage("step 2 (Second) failed: epoch: 1 (expected: 2)");
    }

    @Test
    void hangingStepIsGivenUpAtItsDeadlineAndNamedWithWhatWasLastSeen() {
        assertThatThrownBy(() -> story.step(
                        "Waiting",
                        Duration.ofMillis(600),
                        () -> story.until("a host", () -> Story.Seen.<Boolean>notYet("state OFFLINE"))))
                .hasMessage("step 1 (Waiting) failed: not done within 0 s; last seen: a host: state OFFLINE");
        CountDownLatch never = new CountDownLatch(1);
        assertThatThrownBy(() -> story.step("Stuck", Duration.ofMillis(100), never::await))
                .hasMessageStartingWith("step 2 (Stuck) failed: not done within");
    }

    @Test
    void failingCallsAreTriedAgainUntilTheyAnswer() {
        AtomicInteger calls = new AtomicInteger();
        story.step("Patience", LONG, () -> {
            int result = story.until("an answer", () -> {
                if (calls.incrementAndGet() < 3) {
                    throw new DemoFailure("503");
                }
                return Story.Seen.done(7);
            });
            assertThat(result).isEqualTo(7);
        });
        assertThat(calls).hasValue(3);
    }

    @Test
    void everythingIsPutBackInReverseOrderOnceAndFailuresDoNotStopTheRest() {
        Cleanup cleanup = new Cleanup();
        List<String> undone = new ArrayList<>();
        cleanup.add("first", () -> undone.add("first"));
        cleanup.add("broken", () -> {
            throw new DemoFailure("no answer");
        });
        cleanup.add("last", () -> undone.add("last"));
        assertThat(cleanup.run()).containsExactly("broken: no answer");
        assertThat(undone).containsExactly("last", "first");
        assertThat(cleanup.run()).isEmpty();
        assertThatThrownBy(() -> cleanup.add("late", () -> {})).isInstanceOf(DemoFailure.class);
    }
}
