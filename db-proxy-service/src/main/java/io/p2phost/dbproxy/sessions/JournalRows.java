package io.p2phost.dbproxy.sessions;

import io.p2phost.dbproxy.mux.SavedGroup;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The journal as it is stored, for people to look at. */
public interface JournalRows {
    /** All of it, with the characters whose saves have waited longest. */
    Summary summary(int most);

    /** A character's saves, the oldest first. */
    List<Row> of(int character, int most);

    /**
     * How much waits.
     *
     * @param bytes as stored, deflated
     * @param oldest null when nothing waits
     * @param aside saves that are replayed no more: somebody had the character with other data, or the database is a copy
     */
    record Summary(long entries, long bytes, @Nullable Instant oldest, long aside, List<Waiting> characters) {}

    /** What waits of one character. */
    record Waiting(int accountId, int characterId, long entries, long bytes, Instant oldest) {}

    /** One save. */
    record Row(long sequence, Instant writtenAt, SavedGroup group) {}
}
