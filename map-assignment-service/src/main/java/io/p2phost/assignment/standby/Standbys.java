package io.p2phost.assignment.standby;

import io.p2phost.contracts.MapName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of standbys, at most one a map. */
public interface Standbys {
    Optional<Standby> find(MapName map);

    /** All rows in order of map. */
    List<Standby> all();

    /**
     * Writes a row in the place of another.
     *
     * @param before the row as it was seen; null when there was none
     * @return false when it is another one by now; nothing was written then
     */
    boolean replace(@Nullable Standby before, Standby now);

    /** Removes a row if it is still that one. */
    boolean remove(Standby seen);
}
