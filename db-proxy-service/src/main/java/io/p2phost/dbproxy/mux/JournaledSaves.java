package io.p2phost.dbproxy.mux;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Inflater;

/**
 * The journal as it is read after a restart: merged entry by entry, so that it takes the memory of its characters' newest
 * saves, however long the char-server was away.
 */
public final class JournaledSaves implements AutoCloseable {
    private final Inflater inflater = new Inflater();
    private final Map<Integer, Of> characters = new LinkedHashMap<>();
    private int entries;

    private record Of(int account, PendingSaves saves) {}

    /** The next entry, in the order in which they were accepted. */
    public void add(SavedGroup group) {
        entries++;
        characters
                .computeIfAbsent(group.character(), any -> new Of(group.account(), new PendingSaves()))
                .saves
                .restore(group, inflater);
    }

    /** How many were added. */
    public int entries() {
        return entries;
    }

    /** What they come to. */
    public List<SavedGroup> merged() {
        List<SavedGroup> all = new ArrayList<>();
        characters.forEach((character, of) -> all.addAll(of.saves.merged(of.account, character)));
        return all;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
