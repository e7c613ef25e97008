package io.p2phost.dbproxy.sessions;

import io.p2phost.dbproxy.mux.SessionRow;
import java.util.List;

/** The rows of player sessions. */
public interface SessionStore {
    /** Takes the sessions over and gives them all: whoever wrote them before is refused from now on. */
    List<SessionRow> takeOver();

    /**
     * Writes a batch, all of it or nothing. Batches take effect in the order of the calls, also when one of them was given up
     * and its fate is unknown. May be called by one thread at a time.
     *
     * @throws SessionsTakenOverException if another instance took the sessions over
     */
    void write(Batch batch);

    /** 32 random bytes, made once: the same at every instance and after every restart. */
    byte[] secret();

    /**
     * Changes; an account is in it once at most.
     *
     * @param kept replaces whatever is there
     */
    record Batch(List<Forgotten> forgotten, List<SessionRow> kept) {
        public Batch {
            forgotten = List.copyOf(forgotten);
            kept = List.copyOf(kept);
        }
    }

    /** A session that ended; a newer one of the account, with a higher number, stays. */
    record Forgotten(int account, long number) {}
}
