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
 * takes one list of maps per login. Thread-safe.
 */
public final class Catalogue {
    /** More than a char-server takes; those beyond it stay on core. */
    static final int MAX_MAPS = 2_000;

    private static final Duration QUIET = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final BooleanSupplier read;
    private final Set<MapName> eligible = new HashSet<>();
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

    /** Whether no map may be hosted. */
    synchronized boolean isEmpty() {
        return eligible.isEmpty();
    }

    /**
     * All maps that may be hosted, if they changed and have been the same for a second; also once it is known that there
     * are none.
     */
    synchronized Optional<Set<MapName>> changed(Instant now) {
        boolean none = !told && eligible.isEmpty() && changedAt == null && read.getAsBoolean();
        boolean settled = changedAt != null && !now.isBefore(changedAt.plus(QUIET));
        if (!none && !settled) {
            return Optional.empty();
        }
        told = true;
        changedAt = null;
        return Optional.of(Set.copyOf(eligible));
    }
}
