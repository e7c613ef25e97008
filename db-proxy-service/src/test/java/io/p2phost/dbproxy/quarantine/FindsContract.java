package io.p2phost.dbproxy.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What all finds must do, in memory and on PostgreSQL. */
public abstract class FindsContract {
    protected static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    protected static final HostId HOST = HostId.of("5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11");

    /** None at first. */
    protected abstract Finds finds();

    /** Makes one, as the journal does. */
    protected abstract void add(Find find);

    /** One that waits. */
    protected static Find waiting(int account, Instant at) {
        return new Find(
                UUID.randomUUID(),
                account,
                account + 100_000,
                4_001,
                2,
                HOST,
                MapName.of("prt_fild08"),
                at,
                Find.State.WAITING,
                null,
                null,
                null);
    }

    private Find added(int account, Instant at) {
        Find find = waiting(account, at);
        add(find);
        return find;
    }

    @Test
    void thoseOfAStateAreListedTheOldestFirst() {
        Find second = added(1, NOW.minusSeconds(5));
        Find first = added(2, NOW.minusSeconds(9));
        Find third = added(1, NOW);
        assertThat(finds().list(Find.State.WAITING, null, 10)).containsExactly(first, second, third);
        assertThat(finds().list(Find.State.WAITING, null, 2)).containsExactly(first, second);
        assertThat(finds().list(Find.State.WAITING, 1, 10)).containsExactly(second, third);
        assertThat(finds().list(Find.State.REFUSED, null, 10)).isEmpty();
        assertThat(finds().waiting()).isEqualTo(3);
    }

    @Test
    void allThatWaitSinceAreReadInParts() {
        List<Find> old = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            old.add(added(i, NOW.minusSeconds(100 - i / 3)));
        }
        added(9, NOW);
        List<Find> read = new ArrayList<>();
        @Nullable Find last = null;
        while (true) {
            List<Find> some = finds().waitingSince(NOW.minusSeconds(50), last, 2);
            if (some.isEmpty()) {
                break;
            }
            read.addAll(some);
            last = some.getLast();
        }
        assertThat(read).hasSize(7).containsExactlyInAnyOrderElementsOf(old);
        assertThat(read).extracting(Find::foundAt).isSorted();
    }

    @Test
    void onceConfirmedItIsDecided() {
        Find find = added(1, NOW);
        assertThat(finds().decide(find.id(), Find.State.REFUSED, "key:1", "looks stolen"))
                .hasValueSatisfying(decided -> {
                    assertThat(decided.state()).isEqualTo(Find.State.REFUSED);
                    assertThat(decided.decidedBy()).isEqualTo("key:1");
                    assertThat(decided.decidedAt()).isNotNull();
                    assertThat(decided.reason()).isEqualTo("looks stolen");
                });
        assertThat(finds().waiting()).isZero();
        assertThat(finds().decide(find.id(), Find.State.CONFIRMED, "key:2", null))
                .hasValueSatisfying(decided -> assertThat(decided.reason()).isNull());
        assertThat(finds().decide(find.id(), Find.State.REFUSED, "key:1", "no")).isEmpty();
        assertThat(finds().decide(UUID.randomUUID(), Find.State.CONFIRMED, "key:1", null))
                .isEmpty();
    }

    @Test
    void onlyWhatIsConfirmedIsForgotten() {
        Find confirmed = added(1, NOW);
        Find refused = added(2, NOW);
        added(3, NOW);
        finds().decide(confirmed.id(), Find.State.CONFIRMED, "key:1", null);
        finds().decide(refused.id(), Find.State.REFUSED, "key:1", "no");
        Instant decided = finds().list(Find.State.CONFIRMED, null, 1).getFirst().decidedAt();
        assertThat(decided).isNotNull();
        assertThat(finds().forget(decided)).isZero();
        assertThat(finds().forget(decided.plus(Duration.ofSeconds(1)))).isOne();
        assertThat(finds().waiting()).isOne();
        assertThat(finds().list(Find.State.REFUSED, null, 9)).hasSize(1);
    }
}
