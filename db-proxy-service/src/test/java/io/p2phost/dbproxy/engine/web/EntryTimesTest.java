package io.p2phost.dbproxy.engine.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.dbproxy.mux.MuxSettings;
import io.p2phost.kit.web.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who asks waits longer than who is asked: otherwise one gives up what the other goes on with. */
class EntryTimesTest {
    /** What a relay waits for an entry. */
    private static final Duration RELAY = Duration.ofSeconds(8);

    /** The multiplexer looks ten times a second, and a busy machine is late. */
    private static final Duration LATE = Duration.ofMillis(500);

    @Test
    void multiplexerThenThisThenTheRelay() {
        MuxSettings.Timing timing = MuxSettings.Timing.USUAL;
        assertThat(timing.entry()).isGreaterThan(timing.authenticate().plus(LATE));
        assertThat(EntryController.ANSWER).isGreaterThan(timing.entry().plus(LATE));
        assertThat(EntryController.ANSWER.plus(LATE)).isLessThan(RELAY);
    }

    @Test
    void whatIsNotAnsweredInTimeIsSaidToBeLate() {
        assertThatThrownBy(() -> Answers.within(Duration.ofMillis(1), new CompletableFuture<>()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("no answer within");
        assertThat(Answers.within(EntryController.ANSWER, CompletableFuture.completedFuture("now")))
                .isEqualTo("now");
    }
}
