package io.p2phost.cli.bundle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a script file puts into the world.
 *
 * @param map where it stands; empty for functions and for npcs that stand nowhere
 * @param name the name by which scripts address it; of a flag its name
 * @param of of a duplicate, what it is one of; else empty
 */
record ScriptObject(String file, int line, Kind kind, String map, String name, String of, List<Fact> facts) {
    enum Kind {
        WARP,
        MONSTER,
        MAPFLAG,
        SHOP,
        MARKET_SHOP,
        SCRIPT,
        DUPLICATE,
        FUNCTION
    }

    ScriptObject {
        facts = List.copyOf(facts);
    }

    /** Whether every server loads it that loads the file; others only where their map is. */
    boolean everywhere() {
        return map.isEmpty();
    }

    /** One line of a file begins one object at most. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ScriptObject object && line == object.line && file.equals(object.file);
    }

    @Override
    public int hashCode() {
        return 31 * file.hashCode() + line;
    }

    String where() {
        return file + ":" + line;
    }
}
