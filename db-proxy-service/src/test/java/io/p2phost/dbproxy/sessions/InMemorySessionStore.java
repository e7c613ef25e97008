package io.p2phost.dbproxy.sessions;

import io.p2phost.dbproxy.mux.SessionRow;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** Sessions for tests of the core; instances share a table. */
final class InMemorySessionStore implements SessionStore {
    private final Table table;
    private long term;

    /** What would be in the database. */
    static final class Table {
        final Map<Integer, SessionRow> rows = new TreeMap<>();
        final Map<Long, JournalEntry> journal = new ConcurrentSkipListMap<>();
        final Map<UUID, FoundItem> found = new TreeMap<>();
        private final byte[] secret = new byte[32];
        private long term;
    }

    InMemorySessionStore(Table table) {
        this.table = table;
        table.secret[0] = 1;
    }

    @Override
    public Kept takeOver(Consumer<JournalEntry> journal) {
        synchronized (table) {
            term = ++table.term;
            table.journal.values().forEach(journal);
            return new Kept(
                    List.copyOf(table.rows.values()),
                    table.found.values().stream().map(FoundItem::found).toList());
        }
    }

    @Override
    public void write(Batch batch) {
        synchronized (table) {
            if (term == 0) {
                throw new IllegalStateException("not taken over");
            }
            if (term != table.term) {
                throw new SessionsTakenOverException("term " + term + " (expected: " + table.term + ")");
            }
            batch.forgotten()
                    .forEach(forgotten -> table.rows.computeIfPresent(
                            forgotten.account(), (account, row) -> row.number() > forgotten.number() ? row : null));
            batch.kept().forEach(row -> table.rows.put(row.account(), row));
            batch.applied()
                    .forEach((character, last) -> table.journal
                            .values()
                            .removeIf(entry -> entry.group().character() == character && entry.sequence() <= last));
            batch.appended().forEach(entry -> table.journal.putIfAbsent(entry.sequence(), entry));
            batch.found().forEach(item -> table.found.putIfAbsent(item.id(), item));
            batch.aside()
                    .forEach((character, last) -> table.journal
                            .values()
                            .removeIf(entry -> entry.group().character() == character && entry.sequence() <= last));
        }
    }

    @Override
    public boolean isTakenOver() {
        synchronized (table) {
            return term != 0 && term != table.term;
        }
    }

    @Override
    public byte[] secret() {
        return table.secret.clone();
    }
}
