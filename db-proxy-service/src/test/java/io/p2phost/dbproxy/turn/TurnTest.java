package io.p2phost.dbproxy.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.dbproxy.turn.Turn.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnTest {
    private final Database database = new Database();
    private final Instance first = new Instance();
    private final Instance second = new Instance();

    @AfterEach
    void stop() {
        first.turn.close();
        second.turn.close();
    }

    @Test
    void oneWorksAndTheOtherTakesOverWhenItIsGone() {
        first.start();
        second.start();
        assertThat(first.begun).isTrue();
        assertThat(first.turn.isActive()).isTrue();
        second.look();
        assertThat(second.begun).isFalse();
        assertThat(second.turn.state()).isEqualTo(State.STANDBY);

        first.die();
        second.look();
        assertThat(second.begun).isTrue();
        assertThat(second.turn.isActive()).isTrue();
    }

    @Test
    void whoStopsLetsTheOtherWork() {
        first.start();
        second.start();
        first.turn.close();
        second.look();
        assertThat(second.turn.isActive()).isTrue();
    }

    @Test
    void databaseThatIsAwayEndsNobodysTurn() {
        first.start();
        second.start();
        database.away = true;
        first.look();
        second.look();
        assertThat(first.turn.isActive()).isTrue();
        assertThat(second.turn.isActive()).isFalse();
        database.holder = null;
        database.away = false;
        first.look();
        second.look();
        assertThat(first.turn.isActive()).isTrue();
        assertThat(second.turn.isActive()).isFalse();
    }

    @Test
    void whoWorksWithoutTheLockIsNotTakenOver() {
        first.start();
        second.start();
        database.holder = null;
        second.look();
        assertThat(second.begun).isFalse();
        first.look();
        assertThat(database.holder).isEqualTo(first.lock);
        second.look();
        assertThat(first.turn.isActive()).isTrue();
        assertThat(second.begun).isFalse();
    }

    @Test
    void whoSaysThatItWorksIsAskedAgainOnlyAfterAWhile() {
        first.start();
        second.start();
        database.holder = null;
        second.look();
        first.dead = true;
        second.look();
        assertThat(second.begun).isFalse();
        database.now = database.now.plusSeconds(2);
        second.look();
        assertThat(second.begun).isTrue();
    }

    @Test
    void whoLosesTheLockWhileItAsksTheOthersDoesNotBegin() {
        first.start();
        second.start();
        first.die();
        second.asked = () -> database.holder = first.lock;
        second.look();
        assertThat(second.begun).isFalse();
        second.asked = () -> {};
        database.holder = null;
        second.look();
        assertThat(second.begun).isTrue();
    }

    @Test
    void whoWasPausedAndTakenOverEnds() {
        first.start();
        second.start();
        first.dead = true;
        database.holder = null;
        second.look();
        assertThat(second.turn.isActive()).isTrue();

        first.look();
        assertThat(first.turn.state()).isEqualTo(State.OVER);
        assertThat(first.ended).isEqualTo(1);
        first.look();
        assertThat(first.ended).isEqualTo(1);
        assertThat(database.holder).isEqualTo(second.lock);
        assertThat(second.turn.isActive()).isTrue();
    }

    @Test
    void whoCannotGoOnEndsAndIsTakenOver() {
        first.start();
        second.start();
        first.over = true;
        first.look();
        assertThat(first.turn.state()).isEqualTo(State.OVER);
        assertThat(first.ended).isEqualTo(1);
        second.look();
        assertThat(second.turn.isActive()).isTrue();
    }

    @Test
    void whoCannotBeginEnds() {
        first.start();
        second.start();
        second.broken = true;
        first.die();
        second.look();
        assertThat(second.turn.state()).isEqualTo(State.OVER);
        assertThat(second.ended).isEqualTo(1);
        assertThat(database.holder).isNull();
    }

    @Test
    void whatCannotBeginAtTheStartStopsTheStart() {
        first.broken = true;
        assertThatThrownBy(first::start).hasMessage("port taken");
        assertThat(first.turn.isActive()).isFalse();
    }

    /** The lock, and the term of the sessions. */
    private static final class Database {
        Instant now = Instant.EPOCH;
        Turn.@Nullable Lock holder;

        @Nullable
        Instance writer;

        boolean away;
    }

    private final class Instance implements Turn.Work {
        final Turn.Lock lock = new HeldLock();
        final Turn turn = new Turn(lock, this::othersWork, () -> database.now);
        boolean begun;
        boolean over;
        boolean broken;
        boolean dead;
        int ended;
        Runnable asked = () -> {};

        /** Without its own thread's looks: those are the test's. */
        void start() {
            turn.begin(this);
        }

        void look() {
            turn.beat(this);
        }

        void die() {
            dead = true;
            database.holder = null;
        }

        private boolean othersWork() {
            asked.run();
            Instance other = this == first ? second : first;
            return !other.dead && other.turn.isActive();
        }

        @Override
        public void begin() {
            if (broken) {
                throw new IllegalStateException("port taken");
            }
            begun = true;
            database.writer = this;
        }

        @Override
        public boolean isOver() {
            return over;
        }

        @Override
        public boolean isTakenOver() {
            return database.writer != this;
        }

        @Override
        public void end() {
            ended++;
        }
    }

    private final class HeldLock implements Turn.Lock {
        @Override
        public boolean hold() {
            if (database.away) {
                throw new IllegalStateException("away");
            }
            if (database.holder == null) {
                database.holder = this;
            }
            return database.holder == this;
        }

        @Override
        public void close() {
            if (database.holder == this) {
                database.holder = null;
            }
        }
    }
}
