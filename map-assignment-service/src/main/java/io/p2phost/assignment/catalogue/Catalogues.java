package io.p2phost.assignment.catalogue;

import io.p2phost.assignment.config.InForce;
import io.p2phost.contracts.MapName;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The catalogue in force; made anew and published with every change of the configuration. */
public final class Catalogues {
    private static final Logger log = LoggerFactory.getLogger(Catalogues.class);

    private final Supplier<@Nullable MapIndex> index;
    private final CatalogueEvents events;
    private volatile @Nullable Catalogue inForce;

    /**
     * Creates it.
     *
     * @param index reads the map index; gives null when there is none
     */
    public Catalogues(Supplier<@Nullable MapIndex> index, CatalogueEvents events) {
        this.index = index;
        this.events = events;
    }

    /** Takes a configuration. */
    public void apply(InForce config) {
        Catalogue made = new Catalogue(config.config().maps(), index.get());
        made.warnings().forEach(log::warn);
        inForce = made;
        events.publish(made.all());
    }

    public Optional<MapEntry> find(MapName map) {
        return current().find(map);
    }

    public List<MapEntry> all() {
        return current().all();
    }

    private Catalogue current() {
        Catalogue known = inForce;
        if (known == null) {
            throw new IllegalStateException("catalogue: not made yet");
        }
        return known;
    }
}
