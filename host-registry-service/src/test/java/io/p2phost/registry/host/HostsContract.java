package io.p2phost.registry.host;

import static io.p2phost.registry.host.HostFixture.GOOD;
import static io.p2phost.registry.host.HostFixture.IDLE;
import static io.p2phost.registry.host.HostFixture.anEnrolledHost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What every store of hosts must do. */
public abstract class HostsContract {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private final String region = "r" + UUID.randomUUID().toString().substring(0, 8);

    protected abstract Hosts hosts();

    protected abstract <T> T inTransaction(Supplier<T> work);

    private Host added(Host host) {
        return inTransaction(() -> {
            hosts().add(host);
            return host;
        });
    }

    @Test
    void givesBackWhatWasAdded() {
        Host host = added(anEnrolledHost());

        assertThat(hosts().byId(host.id())).contains(host);
        assertThat(hosts().byId(HostId.random())).isEmpty();
    }

    @Test
    void givesBackEveryPartOfASavedHost() {
        Host host = added(anEnrolledHost());
        Host busy = host.join(GOOD, 3, UUID.randomUUID(), NOW)
                .loaded(IDLE, NOW.plusSeconds(5))
                .handsBack(true, NOW.plusSeconds(6));

        inTransaction(() -> {
            hosts().lock(host.id());
            hosts().save(busy);
            return busy;
        });

        assertThat(hosts().byId(host.id())).contains(busy);
    }

    @Test
    void refusesASecondHostWithTheSameKey() {
        Host host = added(anEnrolledHost());
        Host twin = Host.enrolled(HostId.random(), 1, "label", "twin", "EU", host.key(), NOW);

        assertThat(hosts().existsWithKey(host.key())).isTrue();
        assertThat(hosts().existsWithKey(HostFixture.anyKey())).isFalse();
        assertThatThrownBy(() -> added(twin)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void refusesToSaveAHostThatWasNeverAdded() {
        assertThatThrownBy(() -> inTransaction(() -> {
                    hosts().save(anEnrolledHost());
                    return "";
                }))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void findsByStateTierAndRegionInTheOrderOfIds() {
        Host one = added(anEnrolledHost(1, region));
        Host two = added(anEnrolledHost(1, region).join(GOOD, 3, null, NOW));
        Host three = added(anEnrolledHost(1, region).join(GOOD, 2, null, NOW));

        List<Host> all = List.of(one, two, three).stream()
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
        assertThat(hosts().find(new HostQuery(null, null, region, null, 10))).containsExactlyElementsOf(all);
        assertThat(hosts().find(new HostQuery(null, null, region, all.get(0).id(), 1)))
                .containsExactly(all.get(1));
        assertThat(hosts().find(new HostQuery(HostLifeState.READY, 3, region, null, 10)))
                .containsExactly(two);
        assertThat(hosts().find(new HostQuery(HostLifeState.OFFLINE, null, region, null, 10)))
                .isEmpty();
    }

    @Test
    void findsHostsInASessionPageByPage() {
        Host in = added(anEnrolledHost(1, region).join(GOOD, 3, null, NOW));
        Host out = added(anEnrolledHost(1, region));

        HostId justBefore = HostId.of("00000000-0000-0000-0000-000000000000");
        assertThat(hosts().inSession(justBefore, 10_000)).contains(in).doesNotContain(out);
        assertThat(hosts().inSession(in.id(), 10_000)).doesNotContain(in);
    }

    @Test
    void locksThoseThatExist() {
        Host host = added(anEnrolledHost());

        assertThat(inTransaction(() -> hosts().lockAll(List.of(host.id(), HostId.random()))))
                .containsExactly(host);
        assertThat(inTransaction(() -> hosts().lock(HostId.random()))).isEmpty();
        assertThat(inTransaction(() -> hosts().lockAll(List.of()))).isEmpty();
    }

    @Test
    void aRemovedHostIsGoneAndItsKeyIsFree() {
        Host host = added(anEnrolledHost());
        for (int time = 1; time <= 2; time++) {
            inTransaction(() -> {
                hosts().remove(host.id());
                return host;
            });
        }
        assertThat(hosts().byId(host.id())).isEmpty();
        assertThat(hosts().existsWithKey(host.key())).isFalse();
    }

    @Test
    void countsByAccountAndState() {
        long account = UUID.randomUUID().getMostSignificantBits() >>> 2;
        long before = hosts().countByState().getOrDefault(HostLifeState.ENROLLED, 0L);
        added(anEnrolledHost(account, region));
        added(anEnrolledHost(account, region));

        assertThat(hosts().countOfAccount(account)).isEqualTo(2);
        assertThat(hosts().countByState().get(HostLifeState.ENROLLED)).isEqualTo(before + 2);
    }
}
