package io.p2phost.dbproxy.sessions;

import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.SessionRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** The rows of player sessions, the journal of what the char-server may not have, and rare items that were found. */
public interface SessionStore {
    /**
     * Takes sessions and journal over: whoever wrote before is refused from now on.
     *
     * @param journal is given each entry, in the order in which it was accepted; all of them may be more than memory holds
     */
    Kept takeOver(Consumer<JournalEntry> journal);

    /** The same, with all of the journal at once. */
    default TakenOver takeOver() {
        List<JournalEntry> journal = new ArrayList<>();
        Kept kept = takeOver(journal::add);
        return new TakenOver(kept.sessions, journal, kept.found);
    }

    /**
     * Writes a batch, all of it or nothing. Batches take effect in the order of the calls, also when one of them was given up
     * and its fate is unknown. May be called by one thread at a time.
     *
     * @throws SessionsTakenOverException if another instance took the sessions over
     */
    void write(Batch batch);

    /** Whether another instance took the sessions over since this one did. */
    boolean isTakenOver();

    /** 32 random bytes, made once: the same at every instance and after every restart. */
    byte[] secret();

    /**
     * Changes; an account is in it once at most.
     *
     * @param kept replaces whatever is there
     * @param appended to the journal; one that is there already stays
     * @param applied of each character the last entry that is needed no longer; none of these is appended in the batch
     * @param aside of each character the last entry that must not be replayed any more, and is kept beside the journal;
     *     these may be appended in the batch
     * @param found rare items that are to be confirmed; one that is there already stays
     */
    record Batch(
            List<Forgotten> forgotten,
            List<SessionRow> kept,
            List<JournalEntry> appended,
            Map<Integer, Long> applied,
            Map<Integer, Long> aside,
            List<FoundItem> found) {
        public Batch {
            forgotten = List.copyOf(forgotten);
            kept = List.copyOf(kept);
            appended = List.copyOf(appended);
            applied = Map.copyOf(applied);
            aside = Map.copyOf(aside);
            found = List.copyOf(found);
        }

        /** With nothing found. */
        public Batch(
                List<Forgotten> forgotten,
                List<SessionRow> kept,
                List<JournalEntry> appended,
                Map<Integer, Long> applied,
                Map<Integer, Long> aside) {
            this(forgotten, kept, appended, applied, aside, List.of());
        }

        /** With nothing set aside. */
        public Batch(
                List<Forgotten> forgotten,
                List<SessionRow> kept,
                List<JournalEntry> appended,
                Map<Integer, Long> applied) {
            this(forgotten, kept, appended, applied, Map.of());
        }

        /** Sessions only. */
        public Batch(List<Forgotten> forgotten, List<SessionRow> kept) {
            this(forgotten, kept, List.of(), Map.of(), Map.of());
        }
    }

    /**
     * What there was, but the journal.
     *
     * @param found rare items that are not confirmed
     */
    record Kept(List<SessionRow> sessions, List<Outside.Found> found) {}

    /**
     * What there was.
     *
     * @param journal in the order in which it was accepted
     * @param found rare items that are not confirmed
     */
    record TakenOver(List<SessionRow> sessions, List<JournalEntry> journal, List<Outside.Found> found) {}

    /** Rare items that an account got from a host's map. */
    record FoundItem(UUID id, Outside.Found found, Instant at) {}

    /** A session that ended; a newer one of the account, with a higher number, stays. */
    record Forgotten(int account, long number) {}
}
