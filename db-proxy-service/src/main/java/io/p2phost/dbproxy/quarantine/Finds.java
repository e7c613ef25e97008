package io.p2phost.dbproxy.quarantine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All finds. They are made with the journal of saves, and decided here. */
public interface Finds {
    /**
     * The oldest first.
     *
     * @param accountId null: of all
     */
    List<Find> list(Find.State state, @Nullable Integer accountId, int most);

    /** Those that wait since before then, the oldest first, from behind that one on. */
    List<Find> waitingSince(Instant before, @Nullable Find behind, int most);

    /** How many wait. */
    long waiting();

    /**
     * Decides one that is not confirmed, and tells the audit; empty when there is none such.
     *
     * @param by an actor, as the audit knows them
     */
    Optional<Find> decide(UUID id, Find.State state, String by, @Nullable String reason);

    /** Forgets what was confirmed before then; how many. */
    int forget(Instant before);
}
