package io.p2phost.dbproxy.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Time confirms what hosts in good standing gave; operators decide the rest. */
class ConfirmationsTest {
    private static final Duration WAIT = Duration.ofHours(24);

    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final InMemoryFinds finds = new InMemoryFinds(() -> now);
    private final Map<HostId, HostLifeState> hosts = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private final Confirmations confirmations = new Confirmations(
            finds,
            host -> Optional.ofNullable(hosts.get(host)),
            (account, item, amount) -> told.add(amount + " " + item + " of " + account),
            WAIT,
            () -> now);

    private UUID found(int account, HostId host) {
        UUID id = UUID.randomUUID();
        finds.add(new Find(
                id, account, 1, 4_001, 2, host, MapName.of("prt_fild08"), now, Find.State.WAITING, null, null, null));
        return id;
    }

    private HostId host(HostLifeState state) {
        HostId host = HostId.random();
        hosts.put(host, state);
        return host;
    }

    @Test
    void whatHasWaitedLongEnoughIsConfirmedAndTold() {
        found(7, host(HostLifeState.OFFLINE));
        now = now.plus(WAIT);
        assertThat(confirmations.sweep()).isZero();
        now = now.plusMillis(1);
        assertThat(confirmations.sweep()).isOne();
        assertThat(told).containsExactly("2 4001 of 7");
        assertThat(finds.list(Find.State.CONFIRMED, 7, 1))
                .singleElement()
                .extracting(Find::decidedBy)
                .isEqualTo(Confirmations.TIME);
        assertThat(confirmations.sweep()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = HostLifeState.class,
            names = {"BLACKLISTED", "QUARANTINED"})
    void whatAHostGaveThatIsBannedWaitsForAnOperator(HostLifeState state) {
        UUID id = found(7, host(state));
        found(8, HostId.random());
        now = now.plus(WAIT.multipliedBy(3));
        assertThat(confirmations.sweep()).isZero();
        assertThat(confirmations.decide(id, Find.State.CONFIRMED, "key:1", null))
                .isPresent();
        assertThat(told).containsExactly("2 4001 of 7");
        assertThat(finds.waiting()).as("of a host that nobody knows").isOne();
    }

    @Test
    void manyThatMayNotBeDoNotHideOthers() {
        HostId banned = host(HostLifeState.BLACKLISTED);
        for (int i = 0; i < 2 * Confirmations.AT_ONCE; i++) {
            found(i, banned);
        }
        now = now.plusMillis(1);
        found(9_999, host(HostLifeState.READY));
        now = now.plus(WAIT).plusMillis(1);
        assertThat(confirmations.sweep()).isOne();
        assertThat(told).containsExactly("2 4001 of 9999");
    }

    @Test
    void refusedOnesAreNotToldAndTimeDoesNotConfirmThem() {
        UUID id = found(7, host(HostLifeState.READY));
        assertThat(confirmations.decide(id, Find.State.REFUSED, "key:1", "no")).isPresent();
        now = now.plus(WAIT.multipliedBy(2));
        assertThat(confirmations.sweep()).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void confirmedOnesAreForgottenInTheEnd() {
        UUID id = found(7, host(HostLifeState.READY));
        confirmations.decide(id, Find.State.CONFIRMED, "key:1", null);
        now = now.plus(Confirmations.REMEMBERED);
        confirmations.sweep();
        assertThat(finds.list(Find.State.CONFIRMED, null, 9)).hasSize(1);
        now = now.plusMillis(1);
        confirmations.sweep();
        assertThat(finds.list(Find.State.CONFIRMED, null, 9)).isEmpty();
    }
}
