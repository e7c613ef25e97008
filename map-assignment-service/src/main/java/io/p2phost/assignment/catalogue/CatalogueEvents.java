package io.p2phost.assignment.catalogue;

import java.util.Collection;

/** Tells the other services what may be done with maps. */
@FunctionalInterface
public interface CatalogueEvents {
    /** Publishes those entries that differ from what was published last, by whichever instance. */
    void publish(Collection<MapEntry> entries);
}
