package io.p2phost.dbproxy.sessions;

import static io.p2phost.dbproxy.sessions.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.SavedGroup;
import io.p2phost.dbproxy.mux.ServerKey;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.dbproxy.sessions.SessionStore.Batch;
import io.p2phost.dbproxy.sessions.SessionStore.Forgotten;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of sessions must do, in memory and on PostgreSQL. */
public abstract class SessionStoreContract {
    private SessionStore store;

    /** Another instance of the service on the same rows. */
    protected abstract SessionStore instance();

    @BeforeEach
    void takeOver() {
        store = instance();
        SessionStore.TakenOver before = store.takeOver();
        store.write(new Batch(
                before.sessions().stream()
                        .map(row -> new Forgotten(row.account(), Long.MAX_VALUE))
                        .toList(),
                List.of(),
                List.of(),
                before.journal().stream()
                        .collect(Collectors.toMap(
                                entry -> entry.group().character(), any -> Long.MAX_VALUE, Math::max))));
    }

    @Test
    void rowsComeBackAsTheyWere() {
        List<SessionRow> rows = List.of(
                row(1, 0),
                TestRows.leaving(2, TestRows.CELL),
                TestRows.leaving(3, ServerKey.RESERVE),
                TestRows.leaving(4, ServerKey.CORE));
        keep(rows);
        assertStored(rows);
    }

    @Test
    void rowThatIsKeptReplacesTheOneBefore() {
        keep(List.of(row(1, 4, 10), row(2, 9)));
        keep(List.of(row(1, 4, 11)));
        assertStored(List.of(row(1, 4, 11), row(2, 9)));
    }

    @Test
    void forgottenRowIsGoneAndOneWithAHigherNumberStays() {
        keep(List.of(row(1, 4), row(2, 5), row(3, 6)));
        forget(new Forgotten(1, 5), new Forgotten(2, 5), new Forgotten(3, 5), new Forgotten(4, 5));
        assertStored(List.of(row(3, 6)));
    }

    @Test
    void numbersMayBeginAgain() {
        keep(List.of(row(1, 5)));
        forget(new Forgotten(1, 5));
        keep(List.of(row(1, 0)));
        assertStored(List.of(row(1, 0)));
    }

    @Test
    void manyRowsGoAtOnce() {
        List<SessionRow> rows = IntStream.range(0, SessionWriter.MAX_BATCH)
                .mapToObj(account -> row(account, 1))
                .toList();
        keep(rows);
        assertStored(rows);
    }

    @Test
    void instanceThatWasReplacedChangesNothing() {
        keep(List.of(row(1, 1)));
        SessionStore successor = instance();
        assertThat(store.isTakenOver() || successor.isTakenOver()).isFalse();
        assertThat(successor.takeOver().sessions()).hasSize(1);
        assertThat(store.isTakenOver()).isTrue();
        assertThat(successor.isTakenOver()).isFalse();
        assertThatThrownBy(() -> keep(List.of(row(1, 2), row(2, 1)))).isInstanceOf(SessionsTakenOverException.class);
        assertThatThrownBy(() -> forget(new Forgotten(1, 9))).isInstanceOf(SessionsTakenOverException.class);
        successor.write(new Batch(List.of(), List.of(row(3, 1))));
        assertStored(List.of(row(1, 1), row(3, 1)));
    }

    @Test
    void nothingIsWrittenBeforeTheSessionsAreTakenOver() {
        assertThatThrownBy(() -> instance().write(new Batch(List.of(), List.of(row(1, 1)))))
                .isInstanceOf(IllegalStateException.class);
        assertStored(List.of());
    }

    @Test
    void journalComesBackInItsOrder() {
        append(entry(2, 8), entry(1, 9), entry(3, 7));
        append(entry(4, 9));
        assertThat(instance().takeOver().journal())
                .extracting(
                        JournalEntry::sequence,
                        entry -> entry.group().character(),
                        entry -> entry.group().body()[0])
                .containsExactly(
                        tuple(1L, 9, (byte) 1), tuple(2L, 8, (byte) 2), tuple(3L, 7, (byte) 3), tuple(4L, 9, (byte) 4));
    }

    @Test
    void appliedEntriesAreGoneAndLaterOnesStay() {
        append(entry(1, 9), entry(2, 8), entry(3, 9));
        store.write(new Batch(List.of(), List.of(), List.of(entry(4, 9)), Map.of(9, 2L, 8, 3L)));
        assertThat(instance().takeOver().journal())
                .extracting(JournalEntry::sequence)
                .containsExactly(3L, 4L);
    }

    @Test
    void entriesThatAreSetAsideAreReplayedNoMore() {
        append(entry(1, 9), entry(2, 8));
        store.write(new Batch(List.of(), List.of(), List.of(entry(3, 9), entry(4, 9)), Map.of(), Map.of(9, 3L)));
        assertThat(instance().takeOver().journal())
                .extracting(JournalEntry::sequence)
                .containsExactly(2L, 4L);
    }

    @Test
    void entryThatIsThereAlreadyStaysAsItIs() {
        append(entry(1, 9));
        append(entry(1, 7), entry(2, 9));
        assertThat(instance().takeOver().journal())
                .extracting(entry -> entry.group().character())
                .containsExactly(9, 9);
    }

    @Test
    void whatWasFoundComesBackOnceHoweverOftenItIsWritten() {
        SessionStore.FoundItem item = new SessionStore.FoundItem(
                UUID.randomUUID(), new Outside.Found(1, 9, 4_001, 2, TestRows.CELL), Instant.EPOCH.plusMillis(1));
        Batch batch = new Batch(List.of(), List.of(), List.of(entry(1, 9)), Map.of(), Map.of(), List.of(item));
        store.write(batch);
        store.write(batch);
        assertThat(instance().takeOver().found().stream().filter(item.found()::equals))
                .hasSize(1);
    }

    private static JournalEntry entry(long sequence, int character) {
        return new JournalEntry(sequence, new SavedGroup(character + 1, character, new byte[] {(byte) sequence}));
    }

    private void append(JournalEntry... entries) {
        store.write(new Batch(List.of(), List.of(), List.of(entries), Map.of()));
    }

    @Test
    void secretIsTheSameForAll() throws Exception {
        List<Future<byte[]>> secrets = new ArrayList<>();
        try (ExecutorService instances = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                secrets.add(instances.submit(() -> instance().secret()));
            }
        }
        byte[] secret = store.secret();
        assertThat(secret).hasSize(32).isNotEqualTo(new byte[32]);
        for (Future<byte[]> each : secrets) {
            assertThat(each.get()).isEqualTo(secret);
        }
    }

    private void keep(List<SessionRow> rows) {
        store.write(new Batch(List.of(), rows));
    }

    private void forget(Forgotten... forgotten) {
        store.write(new Batch(List.of(forgotten), List.of()));
    }

    protected final void assertStored(List<SessionRow> rows) {
        assertThat(instance().takeOver().sessions())
                .usingRecursiveFieldByFieldElementComparator(RecursiveComparisonConfiguration.builder()
                        .withEqualsForType(Arrays::equals, byte[].class)
                        .build())
                .containsExactlyElementsOf(rows);
    }
}
