package io.p2phost.dbproxy.sessions;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The real writer of sessions and the journal, whose thread is played in virtual time. */
public final class SimWriter {
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final SimPostgres.Instance store;
    private final SessionWriter writer;
    private final InstantSource clock;
    private final UnaryOperator<SessionStore.Batch> onItsWay;
    private boolean writing;
    private boolean over;
    private Duration pause = Duration.ZERO;
    private Instant notBefore = Instant.MIN;

    /** @param onItsWay what becomes of a batch between the writer and the database */
    public SimWriter(
            SimPostgres postgres,
            Executor loop,
            SessionWriter.Settings settings,
            InstantSource clock,
            UnaryOperator<SessionStore.Batch> onItsWay) {
        this.store = postgres.new Instance();
        this.clock = clock;
        this.onItsWay = onItsWay;
        this.writer = new SessionWriter(store, loop, settings, clock, meters);
    }

    /** As the engine starts it. */
    public SessionStore.TakenOver start() {
        SessionStore.TakenOver before = store.takeOver();
        writer.continueAfter(
                before.journal().isEmpty() ? 0 : before.journal().getLast().sequence());
        return before;
    }

    public SessionWriter writer() {
        return writer;
    }

    /** The process is gone; what is under way to the database may still be done there. */
    public void kill() {
        over = true;
    }

    public boolean isOver() {
        return writer.isTakenOver();
    }

    public double count(String meter) {
        return meters.counter(meter).count();
    }

    /** When there is something to do; null: when something has come. */
    public @Nullable Instant nextDeadline() {
        return over || writing || writer.isIdle() || writer.isTakenOver() ? null : notBefore;
    }

    /** What its thread does. */
    public void work() {
        Instant next = nextDeadline();
        if (next == null || clock.instant().isBefore(next)) {
            return;
        }
        writing = true;
        SessionWriter.Taken taken = writer.take();
        store.write(onItsWay.apply(taken.batch()), new SimPostgres.Outcome() {
            @Override
            public void written() {
                ended(() -> writer.stored(taken), Duration.ZERO);
            }

            @Override
            public void failed(RuntimeException cause) {
                ended(() -> writer.failed(taken, cause), SessionWriter.nextPause(pause));
            }
        });
    }

    private void ended(Runnable how, Duration next) {
        if (!over) {
            writing = false;
            how.run();
            pause = next;
            notBefore = clock.instant().plus(next);
        }
    }
}
