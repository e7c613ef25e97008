package io.p2phost.dbproxy.sessions;

import static io.p2phost.dbproxy.sessions.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.SavedGroup;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.dbproxy.sessions.SessionStore.Batch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The writer on a store that fails on demand, in virtual time; the loop runs what it was given when told to. */
class SessionWriterTest {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final int MAX_ACCOUNTS = 5;
    private static final int MAX_JOURNAL = 100;

    private final InMemorySessionStore.Table table = new InMemorySessionStore.Table();
    private final FailingStore store = new FailingStore(new InMemorySessionStore(table));
    private final Deque<Runnable> loop = new ArrayDeque<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> done = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private SessionWriter writer = writer(MAX_ACCOUNTS);

    private static final class FailingStore implements SessionStore {
        private final SessionStore store;
        private final List<Batch> written = new ArrayList<>();
        private volatile boolean away;
        private volatile Runnable before = () -> {};
        private volatile Runnable after = () -> {};

        FailingStore(SessionStore store) {
            this.store = store;
        }

        @Override
        public Kept takeOver(Consumer<JournalEntry> journal) {
            return store.takeOver(journal);
        }

        @Override
        public void write(Batch batch) {
            before.run();
            if (away) {
                throw new IllegalStateException("away");
            }
            store.write(batch);
            after.run();
            written.add(batch);
        }

        @Override
        public boolean isTakenOver() {
            return store.isTakenOver();
        }

        @Override
        public byte[] secret() {
            return store.secret();
        }
    }

    private SessionWriter writer(int maxAccounts) {
        return new SessionWriter(
                store, loop::add, new SessionWriter.Settings(PATIENCE, maxAccounts, MAX_JOURNAL), () -> now, meters);
    }

    @BeforeEach
    void takeOver() {
        store.takeOver();
    }

    @Test
    void doneRunsOnTheLoopAfterTheCommit() {
        keep(row(1, 0), "one");
        runLoop();
        assertThat(done).as("before the commit").isEmpty();
        assertThat(writer.writeOnce()).isTrue();
        assertThat(done).as("on another thread").isEmpty();
        runLoop();
        assertThat(done).containsExactly("one");
        assertThat(table.rows).containsOnlyKeys(1);
        assertCounted(1, 0, 0);
    }

    @Test
    void everythingPendingIsOneBatchAndOnlyTheNewestRowOfAnAccountIsInIt() {
        keep(row(1, 0, 10), "a");
        keep(row(2, 0), "b");
        keep(row(1, 0, 11), "c");
        writer.writeOnce();
        runLoop();
        assertThat(store.written).hasSize(1);
        assertThat(table.rows.get(1).x()).isEqualTo(11);
        assertThat(done).containsExactly("a", "b", "c");
        assertCounted(3, 0, 0);
    }

    @Test
    void rowThatComesDuringAWriteWaitsForTheNext() {
        keep(row(1, 0), "one");
        store.before = () -> {
            store.before = () -> {};
            keep(row(1, 1), "two");
        };
        writer.writeOnce();
        runLoop();
        assertThat(done).containsExactly("one");
        writer.writeOnce();
        runLoop();
        assertThat(done).containsExactly("one", "two");
        assertThat(table.rows.get(1).number()).isEqualTo(1);
    }

    @Test
    void playGoesOnWhileTheStoreIsAwayAndTheNewestRowsArriveAfterwards() {
        store.away = true;
        keep(row(1, 0), "one");
        assertThat(writer.writeOnce()).isFalse();
        runLoop();
        assertThat(done).containsExactly("one");
        keep(row(1, 1), "two");
        keep(row(2, 0), "three");
        runLoop();
        assertThat(done).as("nobody waits for what is known to be away").containsExactly("one", "two", "three");
        assertThat(writer.pending()).isEqualTo(2);
        assertThat(meters.get("p2p_dbproxy_session_changes_pending").gauge().value())
                .isEqualTo(2);
        assertThat(writer.state()).contains("2 players");
        assertCounted(0, 0, 3);

        store.away = false;
        assertThat(writer.writeOnce()).isTrue();
        runLoop();
        assertThat(table.rows.get(1).number()).isEqualTo(1);
        assertThat(table.rows).containsOnlyKeys(1, 2);
        assertThat(writer.state()).isEqualTo("UP");
        keep(row(3, 0), "four");
        runLoop();
        assertThat(done).as("waits again").doesNotContain("four");
    }

    @Test
    void slowCommitHoldsNobodyUpForLongerThanPatience() {
        keep(row(1, 0), "one");
        now = now.plus(PATIENCE).minusMillis(1);
        keep(row(2, 0), "two");
        writer.tick();
        assertThat(done).isEmpty();
        now = now.plusMillis(1);
        writer.tick();
        assertThat(done).as("whoever came later does not wait for what is slow").containsExactly("one", "two");
        keep(row(3, 0), "three");
        assertThat(done).as("not within the call").doesNotContain("three");
        runLoop();
        assertThat(done).containsExactly("one", "two", "three");
        assertCounted(0, 3, 0);

        writer.writeOnce();
        runLoop();
        assertThat(done).hasSize(3);
        assertThat(table.rows).hasSize(3);
        keep(row(1, 1), "four");
        writer.writeOnce();
        runLoop();
        assertCounted(1, 3, 0);
    }

    @Test
    void sessionThatEndsBeforeItWasWrittenLeavesNoRow() {
        keep(row(1, 4), "one");
        writer.writeOnce();
        keep(row(1, 5), "two");
        writer.forget(1, 5);
        writer.writeOnce();
        runLoop();
        assertThat(table.rows).isEmpty();
        assertThat(done).containsExactly("one", "two");
    }

    @Test
    void newerSessionIsNotForgottenWithTheOld() {
        keep(row(1, 6), "one");
        writer.forget(1, 5);
        writer.writeOnce();
        assertThat(table.rows).containsOnlyKeys(1);
        writer.forget(1, 5);
        writer.writeOnce();
        assertThat(table.rows).containsOnlyKeys(1);
    }

    @Test
    void newLoginBeginsAtZeroAgainAndIsForgottenLikeAnyOther() {
        keep(row(1, 5), "old");
        writer.writeOnce();
        writer.forget(1, 5);
        keep(row(1, 0), "new");
        writer.writeOnce();
        assertThat(table.rows.get(1).number()).isZero();

        keep(row(1, 7), "old");
        writer.writeOnce();
        writer.forget(1, 7);
        keep(row(1, 0), "new");
        writer.forget(1, 0);
        writer.writeOnce();
        assertThat(table.rows).as("the row of the first login is gone too").isEmpty();
    }

    @Test
    void batchThatFailedNeverReplacesWhatCameSince() {
        store.away = true;
        keep(row(1, 0), "");
        keep(row(2, 3), "");
        keep(row(3, 3), "");
        store.before = () -> {
            keep(row(1, 1), "");
            writer.forget(2, 3);
        };
        writer.writeOnce();
        store.before = () -> {};
        store.away = false;
        writer.writeOnce();
        assertThat(table.rows).containsOnlyKeys(1, 3);
        assertThat(table.rows.get(1).number()).isEqualTo(1);
    }

    @Test
    void beyondTheBoundTheOldestIsGivenUpAndCounted() {
        store.away = true;
        for (int account = 1; account <= MAX_ACCOUNTS; account++) {
            keep(row(account, 0), "done");
        }
        writer.writeOnce();
        assertThat(writer.pending()).isEqualTo(MAX_ACCOUNTS);
        assertThat(dropped()).isZero();
        keep(row(2, 1), "done");
        keep(row(9, 0), "done");
        runLoop();
        assertThat(writer.pending()).isEqualTo(MAX_ACCOUNTS);
        assertThat(dropped()).isOne();
        assertThat(done).hasSize(MAX_ACCOUNTS + 2);
        store.away = false;
        writer.writeOnce();
        assertThat(table.rows).containsOnlyKeys(2, 3, 4, 5, 9);
        assertThat(table.rows.get(2).number()).isEqualTo(1);
    }

    @Test
    void whatIsPutBackCountsTowardsTheBound() {
        store.away = true;
        for (int account = 1; account <= MAX_ACCOUNTS; account++) {
            keep(row(account, 0), "");
        }
        store.before = () -> {
            for (int account = 11; account <= 10 + MAX_ACCOUNTS; account++) {
                keep(row(account, 0), "");
            }
        };
        writer.writeOnce();
        assertThat(writer.pending()).isEqualTo(MAX_ACCOUNTS);
        assertThat(dropped()).isEqualTo(MAX_ACCOUNTS);
    }

    @Test
    void noMoreThanTheBoundWaitsForTheStore() {
        for (int i = 0; i <= MAX_ACCOUNTS; i++) {
            keep(row(1, i), "row " + i);
        }
        assertThat(done).containsExactly("row 0");
        assertCounted(0, 1, 0);
    }

    @Test
    void longQueueIsWrittenInPartsAndNobodyIsToldTooEarly() {
        writer = writer(2 * SessionWriter.MAX_BATCH);
        IntStream.range(0, SessionWriter.MAX_BATCH + 1).forEach(account -> keep(row(account, 0), "done"));
        writer.writeOnce();
        runLoop();
        assertThat(table.rows).hasSize(SessionWriter.MAX_BATCH);
        assertThat(done).isEmpty();
        writer.writeOnce();
        runLoop();
        assertThat(table.rows).hasSize(SessionWriter.MAX_BATCH + 1);
        assertThat(done).hasSize(SessionWriter.MAX_BATCH + 1);
    }

    @Test
    void replacedInstanceGoesOnWithoutStoring() {
        keep(row(1, 0), "one");
        new InMemorySessionStore(table).takeOver();
        writer.writeOnce();
        runLoop();
        assertThat(done).containsExactly("one");
        keep(row(2, 0), "two");
        writer.forget(1, 0);
        runLoop();
        assertThat(done).containsExactly("one", "two");
        assertThat(writer.pending()).isZero();
        assertThat(writer.state()).contains("another instance");
        assertCounted(0, 0, 2);
    }

    @Test
    void whoeverIsToldMayKeepAnother() {
        writer.keep(row(1, 0), () -> keep(row(1, 1), "second"));
        writer.writeOnce();
        runLoop();
        assertThat(done).isEmpty();
        writer.writeOnce();
        runLoop();
        assertThat(done).containsExactly("second");
    }

    // ---- the journal ----

    /** One half of what players gave each other is worse than nothing of it. */
    @Test
    void whatBelongsTogetherIsOneTransactionAlsoAtTheBound() {
        writer = new SessionWriter(
                store,
                loop::add,
                new SessionWriter.Settings(PATIENCE, MAX_ACCOUNTS, 2 * SessionWriter.MAX_BATCH),
                () -> now,
                meters);
        for (int i = 1; i < SessionWriter.MAX_BATCH; i++) {
            append(i, 10, "", "");
        }
        writer.together(() -> {
            append(5_000, 10, "", "");
            append(5_001, 11, "", "");
            append(5_002, 12, "", "");
        });
        append(5_003, 13, "", "");
        store.away = true;
        assertThat(writer.writeOnce()).isFalse();
        store.away = false;
        assertThat(writer.writeOnce()).isTrue();
        assertThat(journaled()).hasSize(SessionWriter.MAX_BATCH + 2).endsWith("5000:10", "5001:11", "5002:12");
        assertThat(writer.writeOnce()).isTrue();
        assertThat(journaled()).endsWith("5003:13");
    }

    @Test
    void saveIsInTheJournalBeforeItIsSaidToBe() {
        append(1, 10, "freed", "written");
        runLoop();
        assertThat(done).isEmpty();
        writer.writeOnce();
        runLoop();
        assertThat(done).containsExactly("freed", "written");
        assertThat(journaled()).containsExactly("1:10");
    }

    @Test
    void savesKeepTheirOrderBesideTheRowsOfTheSameBatch() {
        append(1, 10, "a", "A");
        keep(row(1, 0), "b");
        append(2, 11, "c", "C");
        append(1, 12, "d", "D");
        writer.writeOnce();
        runLoop();
        assertThat(store.written).hasSize(1);
        assertThat(done).containsExactly("a", "A", "b", "c", "C", "d", "D");
        assertThat(journaled()).containsExactly("1:10", "2:11", "1:12");
    }

    @Test
    void whatIsSetAsideIsWrittenFirstAndReplayedNoMore() {
        append(1, 10, "", "");
        writer.setAside(1);
        append(1, 11, "", "");
        writer.applied(1);
        append(1, 13, "", "");
        append(2, 12, "", "");
        store.away = true;
        assertThat(writer.writeOnce()).isFalse();
        store.away = false;
        writer.writeOnce();
        assertThat(journaled()).containsExactly("1:13", "2:12");
        assertThat(store.written.getLast().appended())
                .as("the overtaken one too")
                .extracting(entry -> entry.group().body()[0])
                .containsExactly((byte) 10, (byte) 13, (byte) 12);
        assertThat(store.written.getLast().aside()).containsOnlyKeys(1);
        assertThat(meters.get("p2p_dbproxy_saves_set_aside_total").counter().count())
                .isEqualTo(1);
    }

    @Test
    void whatTheCharServerHasIsTakenOutAndWhatCameSinceStays() {
        append(1, 10, "", "");
        append(2, 11, "", "");
        writer.writeOnce();
        append(1, 12, "", "");
        writer.applied(1);
        append(1, 13, "", "");
        writer.writeOnce();
        assertThat(journaled()).containsExactly("2:11", "1:13");
    }

    @Test
    void nothingIsWrittenAfterPatienceWithoutItsBeingSaid() {
        append(1, 10, "freed", "written");
        now = now.plus(PATIENCE);
        writer.tick();
        assertThat(done).containsExactly("freed");
        writer.writeOnce();
        runLoop();
        assertThat(done).as("too late to be believed").containsExactly("freed");
        assertThat(journaled()).containsExactly("1:10");
    }

    @Test
    void storeThatWasAwayIsGivenWhatTheCharServerDoesNotHave() {
        store.away = true;
        append(1, 10, "", "");
        append(2, 11, "", "");
        store.before = () -> writer.applied(2);
        writer.writeOnce();
        store.before = () -> {};
        append(1, 12, "", "");
        runLoop();
        assertThat(meters.get("p2p_dbproxy_journal_unwritten").gauge().value()).isEqualTo(2);
        store.away = false;
        writer.writeOnce();
        assertThat(journaled()).containsExactly("1:10", "1:12");
    }

    @Test
    void batchWhoseFateIsUnknownIsWrittenOnce() {
        append(1, 10, "", "");
        store.after = () -> {
            throw new IllegalStateException("the answer was lost");
        };
        writer.writeOnce();
        store.after = () -> {};
        writer.writeOnce();
        assertThat(journaled()).containsExactly("1:10");
    }

    @Test
    void journalThatWaitsIsBoundedAndTheOldestIsGivenUpAndCounted() {
        store.away = true;
        for (int i = 0; i < MAX_JOURNAL; i++) {
            append(i, 1, "freed", "");
        }
        assertThat(droppedSaves()).isZero();
        append(500, 1, "freed", "");
        writer.writeOnce();
        runLoop();
        assertThat(droppedSaves()).isOne();
        assertThat(done).doesNotContain("");
        store.away = false;
        writer.writeOnce();
        assertThat(journaled()).hasSize(MAX_JOURNAL).doesNotContain("0:1").endsWith("500:1");
    }

    @Test
    void nextInstanceTakesTheJournalUpAndGoesOnBehindIt() {
        append(1, 10, "", "");
        append(2, 11, "", "");
        writer.writeOnce();
        SessionStore.TakenOver taken = store.takeOver();
        assertThat(taken.journal()).extracting(JournalEntry::sequence).containsExactly(1L, 2L);
        SessionWriter next = writer(MAX_ACCOUNTS);
        next.start(2);
        next.append(group(1, 12), () -> {}, () -> {});
        await().until(() -> journaled().size() == 3);
        assertThat(journaled()).containsExactly("1:10", "2:11", "1:12");
        next.close();
    }

    @Test
    void whatWasFoundIsWrittenWithTheSaveThatBringsIt() {
        found(1);
        append(1, 10, "", "");
        store.away = true;
        writer.writeOnce();
        found(2);
        store.away = false;
        writer.writeOnce();
        assertThat(store.written).singleElement().satisfies(batch -> {
            assertThat(batch.found()).extracting(item -> item.found().amount()).containsExactly(1, 2);
            assertThat(batch.found().getFirst().at()).isEqualTo(now);
            assertThat(batch.appended()).hasSize(1);
        });
        assertThat(table.found).hasSize(2);
    }

    @Test
    void whatWasFoundIsBoundedWhileTheStoreIsAway() {
        store.away = true;
        for (int i = 1; i <= MAX_ACCOUNTS + 2; i++) {
            found(i);
        }
        writer.writeOnce();
        store.away = false;
        writer.writeOnce();
        assertThat(table.found.values())
                .extracting(item -> item.found().amount())
                .containsExactlyInAnyOrder(3, 4, 5, 6, 7);
        assertThat(meters.get("p2p_dbproxy_session_changes_dropped_total")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    private void found(int amount) {
        writer.found(new Outside.Found(1, 9, 4_001, amount, TestRows.CELL));
    }

    private void append(int character, int body, String freed, String written) {
        writer.append(group(character, body), () -> done.add(freed), () -> done.add(written));
    }

    /** A group of one byte. */
    private static SavedGroup group(int character, int body) {
        return new SavedGroup(character, character, new byte[] {(byte) body});
    }

    private List<String> journaled() {
        return table.journal.values().stream()
                .map(entry -> entry.group().character() + ":" + entry.group().body()[0])
                .toList();
    }

    private double droppedSaves() {
        return meters.get("p2p_dbproxy_journal_dropped_total").counter().count();
    }

    @Test
    void pausesBetweenTriesGrowToABound() {
        Duration pause = Duration.ZERO;
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pause = SessionWriter.nextPause(pause);
            pauses.add(pause.toMillis());
        }
        assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L);
    }

    @Test
    void writesByItselfAndTheRestWhenItIsClosed() {
        CountDownLatch closing = new CountDownLatch(1);
        writer.start(0);
        keep(row(1, 0), "");
        await().until(() -> store.written.size() == 1);
        store.before = () -> awaitQuietly(closing);
        keep(row(2, 0), "");
        keep(row(3, 0), "");
        closing.countDown();
        writer.close();
        assertThat(table.rows).containsOnlyKeys(1, 2, 3);
    }

    @Test
    void closingDoesNotWaitForAStoreThatIsAway() {
        store.away = true;
        writer.start(0);
        keep(row(1, 0), "");
        await().until(() -> writer.state().contains("wait"));
        writer.close();
        assertThat(writer.pending()).isOne();
    }

    /** Any order of keeps, forgets, failures and writes ends in the rows that a store without a queue would have. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void queueChangesNothingAboutWhatIsStored(long seed) {
        Random random = new Random(seed);
        Map<Integer, SessionRow> expected = new HashMap<>();
        int kept = 0;
        for (int step = 0; step < 2_000; step++) {
            int account = random.nextInt(MAX_ACCOUNTS);
            long number = random.nextInt(4);
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    SessionRow row = row(account, number, step);
                    keep(row, "");
                    kept++;
                    expected.put(account, row);
                }
                case 2 -> {
                    writer.forget(account, number);
                    expected.computeIfPresent(account, (any, row) -> row.number() > number ? row : null);
                }
                case 3 -> {
                    store.away = random.nextBoolean();
                    if (random.nextBoolean()) {
                        SessionRow meanwhile = row(account, number, step);
                        store.before = () -> keep(meanwhile, "");
                        kept++;
                        expected.put(account, meanwhile);
                        writer.writeOnce();
                        store.before = () -> {};
                    } else {
                        writer.writeOnce();
                    }
                }
                default -> {
                    runLoop();
                    now = now.plusMillis(random.nextInt(300));
                    writer.tick();
                }
            }
        }
        store.away = false;
        writer.writeOnce();
        runLoop();
        assertThat(table.rows).isEqualTo(expected);
        assertThat(done).hasSize(kept);
        assertThat(dropped()).isZero();
    }

    private void keep(SessionRow row, String name) {
        writer.keep(row, () -> done.add(name));
    }

    private void runLoop() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    private double dropped() {
        return meters.get("p2p_dbproxy_session_changes_dropped_total").counter().count();
    }

    private void assertCounted(int written, int late, int failed) {
        assertThat(List.of(counted("written"), counted("late"), counted("failed")))
                .containsExactly(written, late, failed);
    }

    private int counted(String outcome) {
        return (int) meters.get("p2p_dbproxy_session_writes_total")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
