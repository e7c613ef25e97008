package io.p2phost.dbproxy.engine;

import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which maps may be hosted, as assignment's events tell one by one. A change is passed on once no more come: a char-server
 * takes one list of maps per login. While no events can be had, what has an owner may be hosted. Thread-safe.
 */
public final class Catalogue {
    /** More than a char-server takes; those beyond it stay on core. */
    static final int MAX_MAPS = 2_000;

    private static final Duration QUIET = Duration.ofSeconds(1);
    /** How long a start waits for events; without any login nobody could enter the game at all. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final BooleanSupplier read;
    private final Set<MapName> eligible = new HashSet<>();
    private Set<MapName> owned = Set.of();
    private Instant startedAt;
    private @Nullable Instant changedAt;
    private boolean told;

    public Catalogue(InstantSource clock) {
        this(clock, () -> false);
    }

    /**
     * Makes an empty one.
     *
     * @param read whether everything that was there at the start has been told
     */
    public Catalogue(InstantSource clock, BooleanSupplier read) {
        this.clock = clock;
        this.read = read;
        this.startedAt = clock.instant();
    }

    /**
     * Notes one map.
     *
     * @return false when it is one too many
     */
    public synchronized boolean entry(MapName map, boolean mayBeHosted) {
        boolean fits = !mayBeHosted || eligible.size() < MAX_MAPS || eligible.contains(map);
        if (fits && (mayBeHosted ? eligible.add(map) : eligible.remove(map))) {
            changedAt = clock.instant();
        }
        return fits;
    }

    /** Takes note of a start, and of the maps that have an owner then. */
    synchronized void started(Set<MapName> withOwner) {
        owned = Set.copyOf(withOwner);
        startedAt = clock.instant();
    }

    /** Whether it was told that no map may be hosted. */
    synchronized boolean isEmpty() {
        return told && eligible.isEmpty();
    }

    /**
     * All maps that may be hosted, if they changed and have been the same for a second; also once it is known that there
     * are none, or nothing could be heard for ten seconds. Events then correct what was assumed.
     */
    synchronized Optional<Set<MapName>> changed(Instant now) {
        boolean unheard = !told && eligible.isEmpty() && changedAt == null;
        boolean none = unheard && read.getAsBoolean();
        boolean assumed = unheard && !none && !owned.isEmpty() && !now.isBefore(startedAt.plus(PATIENCE));
        boolean settled = changedAt != null && !now.isBefore(changedAt.plus(QUIET));
        if (!none && !assumed && !settled) {
            return Optional.empty();
        }
        if (assumed) {
            owned.forEach(map -> entry(map, true));
        }
        told = true;
        changedAt = null;
        return Optional.of(Set.copyOf(eligible));
    }
}
