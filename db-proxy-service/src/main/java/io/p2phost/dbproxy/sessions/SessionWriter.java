package io.p2phost.dbproxy.sessions;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.SavedGroup;
import io.p2phost.dbproxy.mux.SessionRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes sessions and the journal of saves behind the multiplexer. Its loop hands changes over and never waits: everything
 * that is pending goes in one transaction, of an account only the newest row. Play goes on when the store is slow or away;
 * what is pending then is written when it is back.
 *
 * <p>{@link #keep}, {@link #forget}, {@link #append}, {@link #applied} and {@link #tick} are the loop's; {@code done} runs
 * there too.
 */
public final class SessionWriter implements AutoCloseable {
    /** Accounts, and saves, in one transaction. */
    static final int MAX_BATCH = 1_000;

    private static final Logger log = LoggerFactory.getLogger(SessionWriter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LAST_WRITE = Duration.ofSeconds(3);

    /** What became of a row by the time its {@code done} ran. */
    private enum Outcome {
        WRITTEN,
        LATE,
        FAILED
    }

    /**
     * Limits.
     *
     * @param patience play waits this long for a row to be written
     * @param maxAccounts whose changes wait for the store; beyond it the oldest are given up
     * @param maxJournal bytes of saves that wait for the store; beyond it the oldest are given up
     */
    public record Settings(Duration patience, int maxAccounts, long maxJournal) {}

    private final SessionStore store;
    private final Executor loop;
    private final Settings settings;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final Counter dropped;
    private final Counter droppedSaves;
    private final Counter setAside;

    // Shared by the loop and the writing thread.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Integer, Change> pending = new LinkedHashMap<>();
    private final Deque<Appended> appended = new ArrayDeque<>();
    private final Deque<SessionStore.FoundItem> found = new ArrayDeque<>();
    private final Map<Integer, Long> applied = new HashMap<>();
    private final Map<Integer, Long> aside = new HashMap<>();
    private long appendedBytes;
    private long sequence;
    private long newest;
    /** Entries are being appended that go in one transaction; whether there is one yet. */
    private boolean joining;

    private boolean joined;
    private boolean closing;
    private boolean failing;
    private boolean takenOver;

    // The loop's own.
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** Why nobody waits for the store at the moment; null while it answers in time. */
    private @Nullable Outcome trouble;

    private volatile @Nullable Thread thread;

    /** Of one {@link #keep}; they run in its order. */
    private record Waiting(long change, Instant since, Consumer<Outcome> done) {}

    /** @param joined goes in one transaction with the one before */
    record Appended(JournalEntry entry, boolean joined) {
        int size() {
            return entry.group().body().length;
        }
    }

    /** Everything that is to be written; complete when no account was left for the next one. */
    record Taken(
            Map<Integer, Change> changes,
            List<Appended> appended,
            List<SessionStore.FoundItem> found,
            Map<Integer, Long> applied,
            Map<Integer, Long> aside,
            long newest,
            boolean complete) {
        SessionStore.Batch batch() {
            List<SessionStore.Forgotten> forgotten = new ArrayList<>();
            List<SessionRow> kept = new ArrayList<>();
            changes.forEach((account, change) -> {
                switch (change) {
                    case Keep keep -> kept.add(keep.row);
                    case Forget forget -> forgotten.add(new SessionStore.Forgotten(account, forget.number));
                }
            });
            return new SessionStore.Batch(
                    forgotten, kept, appended.stream().map(Appended::entry).toList(), applied, aside, found);
        }
    }

    /**
     * Makes a writer; {@link #start} begins.
     *
     * @param loop runs what it is given on the multiplexer's thread, in order
     */
    public SessionWriter(
            SessionStore store, Executor loop, Settings settings, InstantSource clock, MeterRegistry meters) {
        this.store = store;
        this.loop = loop;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        for (Outcome outcome : Outcome.values()) {
            counter(outcome);
        }
        this.dropped = meters.counter("p2p_dbproxy_session_changes_dropped_total");
        this.droppedSaves = meters.counter("p2p_dbproxy_journal_dropped_total");
        this.setAside = meters.counter("p2p_dbproxy_saves_set_aside_total");
        meters.gauge("p2p_dbproxy_session_changes_pending", this, SessionWriter::pending);
        meters.gauge("p2p_dbproxy_journal_unwritten", this, SessionWriter::unwritten);
    }

    /**
     * Begins to write.
     *
     * @param lastSequence of the journal as it was taken over; 0 when it was empty
     */
    public void start(long lastSequence) {
        continueAfter(lastSequence);
        thread = Thread.ofVirtual().name("session-writer").start(this::run);
    }

    void continueAfter(long lastSequence) {
        lock.lock();
        try {
            sequence = lastSequence;
        } finally {
            lock.unlock();
        }
    }

    // ---- the loop ----

    /**
     * Keeps a session.
     *
     * @param done runs after the commit, or without it when that fails or takes too long
     */
    public void keep(SessionRow row, Runnable done) {
        waitFor(put(() -> pending.merge(row.account(), new Keep(row), Change::then)), outcome -> done.run());
    }

    /**
     * Appends a save to the journal.
     *
     * @param done as with {@link #keep}
     * @param written runs behind it if the commit came in time
     */
    public void append(SavedGroup group, Runnable done, Runnable written) {
        waitFor(
                put(() -> {
                    appended.add(new Appended(new JournalEntry(++sequence, group), joined));
                    joined = joining;
                    appendedBytes += group.body().length;
                }),
                outcome -> {
                    done.run();
                    if (outcome == Outcome.WRITTEN) {
                        written.run();
                    }
                });
    }

    /** Keeps what is to be confirmed: in no later transaction than what is appended next. */
    public void found(Outside.Found item) {
        put(() -> found.add(new SessionStore.FoundItem(UUID.randomUUID(), item, clock.instant())));
    }

    /** What the action appends is written all of it or nothing, so that not one half of what belongs together is left. */
    public void together(Runnable action) {
        lock.lock();
        joining = true;
        try {
            action.run();
        } finally {
            joining = false;
            joined = false;
            lock.unlock();
        }
    }

    /** The char-server has everything that was appended of that character. */
    public void applied(int character) {
        put(() -> {
            applied.put(character, sequence);
            removeAppended(entry -> !isNeeded(entry));
        });
    }

    /** Everything that was appended of that character must not be replayed any more, and is kept beside the journal. */
    public void setAside(int character) {
        put(() -> aside.put(character, sequence));
        setAside.increment();
    }

    private void waitFor(long change, Consumer<Outcome> done) {
        Outcome now = change == 0 ? Outcome.FAILED : trouble;
        if (now == null) {
            if (waiting.size() == settings.maxAccounts) {
                release(waiting.remove(), Outcome.LATE);
            }
            waiting.add(new Waiting(change, clock.instant(), done));
        } else {
            count(now);
            loop.execute(() -> done.accept(now));
        }
    }

    /** Forgets a session unless one with a higher number was kept. */
    public void forget(int account, long number) {
        put(() -> pending.merge(account, new Forget(number), Change::then));
    }

    /** To be called several times a second: lets go what waited too long. */
    public void tick() {
        Waiting oldest = waiting.peek();
        if (oldest != null && !clock.instant().isBefore(oldest.since.plus(settings.patience))) {
            trouble(Outcome.LATE);
        }
    }

    /** Nobody waits until the store has answered again. */
    private void trouble(Outcome outcome) {
        trouble = outcome;
        release(Long.MAX_VALUE, outcome);
    }

    private void written(long newest) {
        trouble = null;
        release(newest, Outcome.WRITTEN);
    }

    private void release(long newest, Outcome outcome) {
        // What is kept meanwhile comes behind, and is not looked at.
        for (int left = waiting.size(); left > 0 && waiting.element().change <= newest; left--) {
            release(waiting.remove(), outcome);
        }
    }

    private void release(Waiting released, Outcome outcome) {
        count(outcome);
        released.done.accept(outcome);
    }

    private void count(Outcome outcome) {
        counter(outcome).increment();
    }

    private Counter counter(Outcome outcome) {
        return meters.counter(
                "p2p_dbproxy_session_writes_total", "outcome", outcome.name().toLowerCase(Locale.ROOT));
    }

    // ---- pending changes ----

    /** Gives the change's number; 0 when this instance may not write. */
    private long put(Runnable change) {
        lock.lock();
        try {
            if (takenOver) {
                return 0;
            }
            change.run();
            keepBound();
            changed.signalAll();
            return ++newest;
        } finally {
            lock.unlock();
        }
    }

    private void keepBound() {
        for (Iterator<Change> oldest = pending.values().iterator(); pending.size() > settings.maxAccounts; ) {
            oldest.next();
            oldest.remove();
            dropped.increment();
        }
        while (found.size() > settings.maxAccounts) {
            found.remove();
            dropped.increment();
        }
        while (appendedBytes > settings.maxJournal) {
            appendedBytes -= appended.remove().size();
            droppedSaves.increment();
        }
    }

    private boolean isNeeded(JournalEntry entry) {
        int character = entry.group().character();
        return entry.sequence() > applied.getOrDefault(character, 0L)
                || entry.sequence() <= aside.getOrDefault(character, 0L);
    }

    private void removeAppended(Predicate<JournalEntry> unneeded) {
        appended.removeIf(each -> {
            boolean removed = unneeded.test(each.entry);
            appendedBytes -= removed ? each.size() : 0;
            return removed;
        });
    }

    Taken take() {
        lock.lock();
        try {
            Map<Integer, Change> taken = new LinkedHashMap<>();
            Iterator<Map.Entry<Integer, Change>> oldest = pending.entrySet().iterator();
            while (oldest.hasNext() && taken.size() < MAX_BATCH) {
                Map.Entry<Integer, Change> entry = oldest.next();
                taken.put(entry.getKey(), entry.getValue());
                oldest.remove();
            }
            List<Appended> saves = new ArrayList<>();
            while (!appended.isEmpty() && (saves.size() < MAX_BATCH || appended.element().joined)) {
                Appended save = appended.remove();
                appendedBytes -= save.size();
                saves.add(save);
            }
            List<SessionStore.FoundItem> finds = List.copyOf(found);
            found.clear();
            Map<Integer, Long> unneeded = Map.copyOf(applied);
            applied.clear();
            // With each batch until all entries are written, so that none is taken for applied before.
            Map<Integer, Long> overtaken = Map.copyOf(aside);
            if (appended.isEmpty()) {
                aside.clear();
            }
            return new Taken(taken, saves, finds, unneeded, overtaken, newest, pending.isEmpty() && appended.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /**
     * What could not be written comes before what has come since.
     *
     * @return whether this is news
     */
    private boolean putBack(Taken taken) {
        lock.lock();
        try {
            Map<Integer, Change> since = new LinkedHashMap<>(pending);
            pending.clear();
            pending.putAll(taken.changes);
            since.forEach((account, change) -> pending.merge(account, change, Change::then));
            taken.found.reversed().forEach(found::addFirst);
            taken.aside.forEach((character, last) -> aside.merge(character, last, Math::max));
            for (Appended save : taken.appended.reversed()) {
                if (isNeeded(save.entry)) {
                    appended.addFirst(save);
                    appendedBytes += save.size();
                }
            }
            taken.applied.forEach((character, last) -> applied.merge(character, last, Math::max));
            keepBound();
            boolean news = !failing;
            failing = true;
            return news;
        } finally {
            lock.unlock();
        }
    }

    void stored(Taken taken) {
        lock.lock();
        try {
            if (failing) {
                log.info("sessions: the store is back");
            }
            failing = false;
        } finally {
            lock.unlock();
        }
        if (taken.complete) {
            loop.execute(() -> written(taken.newest));
        }
    }

    private void giveUp() {
        lock.lock();
        try {
            takenOver = true;
            pending.clear();
            appended.clear();
            found.clear();
            appendedBytes = 0;
            applied.clear();
            aside.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Whether another instance took the sessions over: nothing is stored any more. */
    public boolean isTakenOver() {
        lock.lock();
        try {
            return takenOver;
        } finally {
            lock.unlock();
        }
    }

    /** Accounts whose changes wait for the store. */
    public int pending() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    /** Saves that wait for the store. */
    private int unwritten() {
        lock.lock();
        try {
            return appended.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isIdle() {
        return pending.isEmpty() && appended.isEmpty() && found.isEmpty() && applied.isEmpty() && aside.isEmpty();
    }

    /** {@code UP}, or one sentence of what is wrong. */
    public String state() {
        lock.lock();
        try {
            if (takenOver) {
                return "another instance took the sessions over; this one stores nothing";
            }
            return failing ? "changes of " + pending.size() + " players wait for the database" : "UP";
        } finally {
            lock.unlock();
        }
    }

    // ---- the writing thread ----

    private void run() {
        Duration pause = Duration.ZERO;
        try {
            while (awaitChanges(pause)) {
                boolean last = isClosing();
                boolean written = writeOnce();
                if (last && !written) {
                    return;
                }
                pause = written ? Duration.ZERO : nextPause(pause);
            }
        } catch (InterruptedException e) {
            log.debug("sessions: interrupted while {} changes were pending", pending());
        }
    }

    static Duration nextPause(Duration pause) {
        Duration next = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** False when there is nothing more to do. */
    private boolean awaitChanges(Duration pause) throws InterruptedException {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (left > 0 && !closing) {
                left = changed.awaitNanos(left);
            }
            while (isIdle() && !closing && !takenOver) {
                changed.await();
            }
            return !isIdle();
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is pending; false when it stays so. */
    boolean writeOnce() {
        Taken taken = take();
        try {
            store.write(taken.batch());
        } catch (RuntimeException e) {
            return failed(taken, e);
        }
        stored(taken);
        return true;
    }

    /** That was not written, or it is not known that it was; whether there is nothing more to do. */
    boolean failed(Taken taken, RuntimeException cause) {
        boolean over = cause instanceof SessionsTakenOverException;
        if (over) {
            log.error("sessions: {}; nothing is stored from now on", cause.getMessage());
            giveUp();
        } else if (putBack(taken)) {
            log.warn("sessions: changes of {} players wait ({})", pending(), cause.toString());
        }
        loop.execute(() -> trouble(Outcome.FAILED));
        return over;
    }

    /** Writes what is pending, if the store takes it now. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Thread running = thread;
        if (running != null) {
            try {
                if (!running.join(LAST_WRITE)) {
                    running.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        int left = pending();
        if (left > 0) {
            log.warn("sessions: ended with changes of {} players unwritten", left);
        }
    }

    /** What is to be written of one account. */
    sealed interface Change {
        /** The one change that both come to. */
        Change then(Change later);
    }

    record Keep(SessionRow row) implements Change {
        @Override
        public Change then(Change later) {
            return switch (later) {
                case Keep keep -> keep;
                // Whatever is stored is older than this row, though numbers may have begun again since.
                case Forget forget -> row.number() > forget.number ? this : new Forget(Long.MAX_VALUE);
            };
        }
    }

    record Forget(long number) implements Change {
        @Override
        public Change then(Change later) {
            return switch (later) {
                case Keep keep -> keep;
                case Forget forget -> forget.number > number ? forget : this;
            };
        }
    }
}
