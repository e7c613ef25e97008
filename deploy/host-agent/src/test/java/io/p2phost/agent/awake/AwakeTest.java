package io.p2phost.agent.awake;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.agent.MutableTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AwakeTest {
    private final MutableTime time = new MutableTime();
    private final FakeDesktop desktop = new FakeDesktop();
    private final Awake awake = new Awake(desktop, time);

    /** Holds what it is asked for, unless it refuses. */
    private static final class FakeDesktop implements Awake.Desktop {
        private final List<String> held = new ArrayList<>();
        private int asked;
        private boolean refuses;
        private Consumer<Boolean> sleeps = begins -> {};

        @Override
        public Optional<Awake.Hold> stayAwake() {
            return hold("idle");
        }

        @Override
        public Optional<Awake.Hold> waitBeforeSleep() {
            return hold("sleep");
        }

        private Optional<Awake.Hold> hold(String what) {
            asked++;
            if (!refuses) {
                held.add(what);
            }
            return Optional.of(new Awake.Hold() {
                @Override
                public boolean isHeld() {
                    return held.contains(what);
                }

                @Override
                public void close() {
                    held.remove(what);
                }
            });
        }

        @Override
        public void listen(Consumer<Boolean> told) {
            sleeps = told;
        }

        @Override
        public void close() {
            held.add("closed");
        }
    }

    @Test
    void staysAwakeWhileSomebodyPlaysAndWaitsBeforeSleepWhileMapsAreHere() {
        awake.note(0, false);
        assertThat(desktop.held).isEmpty();
        awake.note(0, true);
        assertThat(desktop.held).containsExactly("sleep");
        awake.note(2, true);
        awake.note(1, true);
        assertThat(desktop.held).containsExactlyInAnyOrder("sleep", "idle");
        assertThat(desktop.asked).isEqualTo(2);
        awake.note(0, true);
        assertThat(desktop.held).containsExactly("sleep");
        awake.note(0, false);
        assertThat(desktop.held).isEmpty();
    }

    @Test
    void sleepWaitsUntilTheMapsAreElsewhereAndNotLonger() {
        awake.note(3, true);
        desktop.sleeps.accept(true);
        assertThat(awake.isGoingToSleep()).isTrue();
        awake.note(3, true);
        assertThat(desktop.held).as("the players move").containsExactly("sleep");
        awake.note(0, false);
        assertThat(desktop.held).as("it may sleep now").isEmpty();
        awake.note(0, true);
        assertThat(desktop.held).as("nothing new is asked for meanwhile").isEmpty();

        desktop.sleeps.accept(false);
        assertThat(awake.isGoingToSleep()).isFalse();
        awake.note(1, true);
        assertThat(desktop.held).containsExactlyInAnyOrder("sleep", "idle");
    }

    @Test
    void aDesktopThatRefusesIsAskedOnceAMinute() {
        desktop.refuses = true;
        for (int second = 0; second < 61; second++) {
            awake.note(0, true);
            time.pass(Duration.ofSeconds(1));
        }
        assertThat(desktop.asked).isEqualTo(2);
        desktop.refuses = false;
        time.pass(Awake.AGAIN);
        awake.note(0, true);
        assertThat(desktop.held).containsExactly("sleep");
    }

    @Test
    void whatIsLostIsAskedForAgain() {
        awake.note(1, false);
        desktop.held.clear();
        time.pass(Awake.AGAIN);
        awake.note(1, false);
        assertThat(desktop.held).containsExactly("idle");
    }

    @Test
    void anAgentThatEndsHoldsNothing() {
        awake.note(1, true);
        awake.close();
        assertThat(desktop.held).containsExactly("closed");
    }
}
