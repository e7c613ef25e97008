package io.p2phost.dbproxy.sessions;

import io.p2phost.dbproxy.mux.SavedGroup;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.ro.sim.Machine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL in virtual time, as far as sessions and the journal are in it, and what may go wrong with it. A batch is one
 * transaction: there are no halves of it, but whoever loses his connection does not know which it was.
 */
public final class SimPostgres implements Machine {
    private static final Duration QUICK = Duration.ofMillis(1);
    private static final int MOST_QUICK_MILLIS = 8;
    private static final int MOST_SLOW_MILLIS = 6_000;
    /** Until what was not written, or was lost, has been written again: each player is saved every 10 s. */
    private static final Duration CATCHING_UP = Duration.ofSeconds(15);

    private static final Duration FSYNC = Duration.ofSeconds(1);

    private static final int MOST_LATE_MILLIS = 2_000;

    /** How it takes what is written. */
    public enum Mood {
        WELL,
        /** Each commit takes up to seconds. */
        SLOW,
        /** Its disk is full: it refuses what is written. */
        FULL,
        /** It does not run. */
        AWAY,
        /** Connections break during a commit: it happened, or not, or happens later, and nobody is told. */
        BREAKING,
        /** Its disk says that it has what it has not: what is written now is gone when it ends. */
        LYING
    }

    private final InstantSource clock;
    private final SplittableRandom random;
    private final PriorityQueue<Flight> flights =
            new PriorityQueue<>(Comparator.comparing(Flight::at).thenComparingLong(Flight::order));
    private long order;
    private State state = new State();
    /** What is really on the disk while that lies; null: all. */
    private @Nullable State onDisk;

    private Mood mood = Mood.WELL;
    private Instant moodEnds = Instant.MAX;
    private boolean acknowledgesEarly;
    private boolean lost;
    private Instant nextFsync = Instant.MIN;
    private Instant wellSince = Instant.MIN;

    /** What a transaction changes. */
    private static final class State {
        private final Map<Integer, SessionRow> rows = new TreeMap<>();
        private final Map<Long, JournalEntry> journal = new TreeMap<>();
        private final Map<Long, JournalEntry> aside = new TreeMap<>();
        private final Map<UUID, SessionStore.FoundItem> found = new TreeMap<>();
        private long term;
        private long batch;
        /** It is older than an instance that wrote to it. */
        private boolean isCopy;

        State copy() {
            State copy = new State();
            copy.rows.putAll(rows);
            copy.journal.putAll(journal);
            copy.aside.putAll(aside);
            copy.found.putAll(found);
            copy.term = term;
            copy.batch = batch;
            copy.isCopy = isCopy;
            return copy;
        }

        void setAside() {
            aside.putAll(journal);
            journal.clear();
        }
    }

    /** Told of what became of a batch. */
    interface Outcome {
        void written();

        void failed(RuntimeException cause);
    }

    private record Flight(Instant at, long order, Runnable what, Runnable onCrash) {}

    public SimPostgres(InstantSource clock, long seed) {
        this.clock = clock;
        this.random = new SplittableRandom(seed);
    }

    // ---- what goes wrong ----

    /** For so long. */
    public void fall(Mood into, Duration length) {
        wellAgain();
        mood = into;
        moodEnds = clock.instant().plus(length);
        if (into == Mood.LYING) {
            onDisk = state.copy();
        } else if (into == Mood.AWAY) {
            crash();
        }
    }

    /** It ends without a word, and what its disk did not have is gone. */
    public void crash() {
        List<Flight> cut = List.copyOf(flights);
        flights.clear();
        cut.forEach(flight -> flight.onCrash.run());
        if (onDisk != null) {
            lost |= onDisk.batch != state.batch;
            state = onDisk;
            onDisk = null;
        }
    }

    /** Its client died: what it had sent may be here, or not. */
    public void disconnected() {
        flights.removeIf(flight -> random.nextBoolean());
    }

    /** A disk that lied ends with its machine. */
    private void wellAgain() {
        if (mood == Mood.LYING) {
            crash();
        }
        if (mood != Mood.WELL) {
            wellSince = clock.instant();
        }
        mood = Mood.WELL;
        moodEnds = Instant.MAX;
    }

    /** Somebody sees to it. */
    public void recover() {
        if (!isUsable()) {
            wellAgain();
        }
    }

    private boolean isUsable() {
        return mood != Mood.FULL && mood != Mood.AWAY;
    }

    public Mood mood() {
        return mood;
    }

    /**
     * Whether what was kept lately may not be here though nobody was held up; nor is, once it has lost something, what was
     * forgotten then.
     */
    public boolean isTroubled() {
        return (lost && !acknowledgesEarly)
                || mood != Mood.WELL
                || clock.instant().isBefore(wellSince.plus(CATCHING_UP));
    }

    /** From now on, though nothing else is wrong, the disk has a commit up to so much later. */
    public void acknowledgesEarly() {
        acknowledgesEarly = true;
    }

    private void fsync() {
        if (acknowledgesEarly && !clock.instant().isBefore(nextFsync)) {
            onDisk = state.copy();
            nextFsync = clock.instant().plus(FSYNC);
        }
    }

    // ---- what is in it ----

    public Map<Integer, SessionRow> rows() {
        return state.rows;
    }

    public boolean isJournaled(SavedGroup group) {
        return state.journal.values().stream().anyMatch(entry -> entry.group().equals(group));
    }

    public List<SavedGroup> journal() {
        return state.journal.values().stream().map(JournalEntry::group).toList();
    }

    // ---- time ----

    @Override
    public void tick() {
        Instant now = clock.instant();
        if (!now.isBefore(moodEnds)) {
            wellAgain();
        }
        Flight first = flights.peek();
        if (first != null && !first.at.isAfter(now)) {
            flights.remove().what.run();
        }
    }

    @Override
    public @Nullable Instant nextDeadline() {
        Flight first = flights.peek();
        if (first != null && first.at.isBefore(moodEnds)) {
            return first.at;
        }
        return mood == Mood.WELL ? null : moodEnds;
    }

    private void in(Duration time, Runnable what, Runnable onCrash) {
        flights.add(new Flight(clock.instant().plus(time), order++, what, onCrash));
    }

    private Duration quickly() {
        return QUICK.plusMillis(random.nextInt(MOST_QUICK_MILLIS));
    }

    // ---- an instance of the service ----

    /** The store of one instance. */
    public final class Instance implements SessionStore {
        private long term;
        private long batch;
        /** The last batch that it was told of. */
        private long known;

        @Override
        public Kept takeOver(Consumer<JournalEntry> journal) {
            if (!isUsable()) {
                throw new IllegalStateException("takes nothing: " + mood);
            }
            if (state.isCopy) {
                state.setAside();
                state.rows.clear();
                state.isCopy = false;
            }
            term = ++state.term;
            state.batch = 0;
            if (onDisk != null) {
                // Only commits of the instance at work are lied about.
                onDisk = state.copy();
            }
            state.journal.values().forEach(journal);
            return new Kept(
                    List.copyOf(state.rows.values()),
                    state.found.values().stream().map(FoundItem::found).toList());
        }

        @Override
        public void write(Batch changes) {
            long number = ++batch;
            commit(number, changes);
            known = number;
        }

        /** As {@link #write}, in its time; a batch that was given up may still come, but not behind a later one. */
        void write(Batch changes, Outcome outcome) {
            long number = ++batch;
            switch (mood) {
                case WELL, LYING -> answered(quickly(), number, changes, outcome);
                case SLOW -> answered(Duration.ofMillis(random.nextInt(1, MOST_SLOW_MILLIS)), number, changes, outcome);
                case FULL -> refused(outcome, "no space left on device");
                case AWAY -> refused(outcome, "connection refused");
                case BREAKING -> {
                    switch (random.nextInt(4)) {
                        case 0 -> {
                            attempt(number, changes);
                            refused(outcome, "connection lost");
                        }
                        case 1 -> {
                            refused(outcome, "connection lost");
                            in(
                                    Duration.ofMillis(random.nextInt(MOST_LATE_MILLIS)),
                                    () -> attempt(number, changes),
                                    () -> {});
                        }
                        case 2 -> refused(outcome, "connection lost");
                        default -> answered(quickly(), number, changes, outcome);
                    }
                }
            }
        }

        private void answered(Duration after, long number, Batch changes, Outcome outcome) {
            in(after, () -> answer(number, changes, outcome), () -> refused(outcome, "connection lost"));
        }

        private void refused(Outcome outcome, String why) {
            Runnable told = () -> outcome.failed(new IllegalStateException(why));
            in(quickly(), told, told);
        }

        private void answer(long number, Batch changes, Outcome outcome) {
            if (mood == Mood.AWAY || mood == Mood.FULL) {
                outcome.failed(new IllegalStateException("takes nothing: " + mood));
                return;
            }
            try {
                commit(number, changes);
            } catch (SessionsTakenOverException e) {
                outcome.failed(e);
                return;
            }
            known = Math.max(known, number);
            outcome.written();
        }

        /** Nobody hears how it ended. */
        private void attempt(long number, Batch changes) {
            try {
                commit(number, changes);
            } catch (SessionsTakenOverException e) {
                // A later one came first.
            }
        }

        private void commit(long number, Batch changes) {
            if (term == 0) {
                throw new IllegalStateException("written before it was taken over");
            }
            if (term != state.term || number <= state.batch) {
                state.isCopy |= state.term < term;
                throw new SessionsTakenOverException("term " + term + ", batch " + number + " (expected: term "
                        + state.term + ", batch above " + state.batch + ")");
            }
            fsync();
            if (state.batch < known) {
                // The database has less than it had: players have played on since.
                state.setAside();
            }
            state.batch = number;
            setAside(changes);
            changes.forgotten()
                    .forEach(forgotten -> state.rows.computeIfPresent(
                            forgotten.account(), (account, row) -> row.number() > forgotten.number() ? row : null));
            changes.kept().forEach(row -> state.rows.put(row.account(), row));
            changes.applied().forEach((character, last) -> remove(character, last));
            changes.appended().forEach(entry -> state.journal.putIfAbsent(entry.sequence(), entry));
            changes.found().forEach(item -> state.found.putIfAbsent(item.id(), item));
            setAside(changes);
        }

        private void setAside(Batch changes) {
            changes.aside()
                    .forEach((character, last) ->
                            remove(character, last).forEach(entry -> state.aside.put(entry.sequence(), entry)));
        }

        private List<JournalEntry> remove(int character, long last) {
            List<JournalEntry> removed = state.journal.values().stream()
                    .filter(entry -> entry.group().character() == character && entry.sequence() <= last)
                    .toList();
            state.journal.values().removeAll(removed);
            return removed;
        }

        @Override
        public boolean isTakenOver() {
            return term != 0 && term != state.term;
        }

        @Override
        public byte[] secret() {
            byte[] secret = new byte[32];
            secret[0] = 1;
            return secret;
        }
    }
}
