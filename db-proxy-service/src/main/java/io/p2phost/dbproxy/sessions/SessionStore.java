package io.p2phost.dbproxy.sessions;

import io.p2phost.dbproxy.mux.SessionRow;
import java.util.List;
import java.util.Map;

/** The rows of player sessions, and the journal of what was saved of players and the char-server may not have. */
public interface SessionStore {
    /** Takes sessions and journal over and gives all of it: whoever wrote before is refused from now on. */
    TakenOver takeOver();

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
     */
    record Batch(
            List<Forgotten> forgotten,
            List<SessionRow> kept,
            List<JournalEntry> appended,
            Map<Integer, Long> applied,
            Map<Integer, Long> aside) {
        public Batch {
            forgotten = List.copyOf(forgotten);
            kept = List.copyOf(kept);
            appended = List.copyOf(appended);
            applied = Map.copyOf(applied);
            aside = Map.copyOf(aside);
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
     * What there was.
     *
     * @param journal in the order in which it was accepted
     */
    record TakenOver(List<SessionRow> sessions, List<JournalEntry> journal) {}

    /** A session that ended; a newer one of the account, with a higher number, stays. */
    record Forgotten(int account, long number) {}
}
