package io.p2phost.dbproxy.charlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.dbproxy.ownership.InMemoryMapOwners;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.ownership.OwnerChange;
import io.p2phost.dbproxy.ownership.OwnerDecision;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.charlink.CharLinkVerdict;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.RefusalReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdmissionTest {
    private static final MapName MAP = MapName.of("prt_fild08");

    private final HostId host = HostId.random();
    private final InMemoryMapOwners owners = new InMemoryMapOwners();
    private Optional<HostLifeState> registry = Optional.empty();
    private final HostIndex hosts = new HostIndex(asked -> registry);
    private final Admission admission = new Admission(owners, hosts);

    private void own(HostId owner, int times) {
        for (int i = 0; i < times; i++) {
            owners.compareAndSet(new OwnerChange(MAP, Epoch.of(i), Owner.host(owner), false, "TEST", "test"));
        }
    }

    private CharLinkVerdict claim(long epoch) {
        return admission.judge(new CharLinkHello(host, MAP, Epoch.of(epoch), CellRole.PRIMARY));
    }

    private static void assertRefused(CharLinkVerdict verdict, RefusalReason reason, long currentEpoch) {
        assertThat(verdict).isInstanceOfSatisfying(CharLinkVerdict.Refuse.class, no -> {
            assertThat(no.reason()).isEqualTo(reason);
            assertThat(no.currentEpoch()).isEqualTo(Epoch.of(currentEpoch));
        });
    }

    @Test
    void onlyTheOwnerInEffectMayLink() {
        hosts.update(host, HostLifeState.READY, 1);
        assertRefused(claim(1), RefusalReason.NOT_OWNER, 0);
        own(host, 3);
        assertThat(claim(3)).isEqualTo(CharLinkVerdict.accept());
        assertRefused(claim(2), RefusalReason.STALE_EPOCH, 3);
        assertRefused(claim(4), RefusalReason.NOT_OWNER, 3);
        owners.compareAndSet(new OwnerChange(MAP, Epoch.of(3), Owner.host(HostId.random()), false, "TEST", "test"));
        assertRefused(claim(3), RefusalReason.STALE_EPOCH, 4);
        assertRefused(claim(4), RefusalReason.NOT_OWNER, 4);
        owners.compareAndSet(new OwnerChange(MAP, Epoch.of(4), null, false, "TEST", "test"));
        assertRefused(claim(5), RefusalReason.NOT_OWNER, 5);
    }

    @ParameterizedTest
    @EnumSource
    void stateOfTheHostDecides(HostLifeState state) {
        own(host, 1);
        hosts.update(host, state, 1);
        registry = Optional.of(state);
        switch (state) {
            case READY, UNHEALTHY, DRAINING -> assertThat(claim(1)).isEqualTo(CharLinkVerdict.accept());
            case ENROLLED, OFFLINE, QUARANTINED, BLACKLISTED -> assertRefused(claim(1), RefusalReason.NOT_ADMITTED, 0);
        }
    }

    @Test
    void oldNewsDoesNotTurnAHostAwayForGood() {
        own(host, 1);
        hosts.update(host, HostLifeState.OFFLINE, 1);
        assertRefused(claim(1), RefusalReason.UNAVAILABLE, 0);
        registry = Optional.of(HostLifeState.READY);
        assertThat(claim(1)).isEqualTo(CharLinkVerdict.accept());
    }

    @Test
    void bannedHostStaysOutWhileTheRegistryIsAwayAndAnUnknownOneTriesAgain() {
        own(host, 1);
        assertRefused(claim(1), RefusalReason.UNAVAILABLE, 0);
        hosts.update(host, HostLifeState.BLACKLISTED, 1);
        assertRefused(claim(1), RefusalReason.NOT_ADMITTED, 0);
    }

    @Test
    void withoutTheRowNothingIsAccepted() {
        Admission blind = new Admission(new Unreadable(), hosts);
        hosts.update(host, HostLifeState.READY, 1);
        CompletionStage<CharLinkVerdict> verdict =
                blind.authorise(new CharLinkHello(host, MAP, Epoch.of(1), CellRole.PRIMARY));
        assertThatThrownBy(() -> verdict.toCompletableFuture().join()).hasMessageContaining("database away");
    }

    @Test
    void claimsBeyondTheBoundAreToldToTryAgain() {
        CountDownLatch answered = new CountDownLatch(1);
        Admission slow = new Admission(owners, new HostIndex(asked -> waitFor(answered)));
        own(host, 1);
        CharLinkHello hello = new CharLinkHello(host, MAP, Epoch.of(1), CellRole.PRIMARY);
        List<CompletionStage<CharLinkVerdict>> waiting = new ArrayList<>();
        for (int i = 0; i < Admission.MAX_QUESTIONS; i++) {
            waiting.add(slow.authorise(hello));
        }
        assertRefused(slow.authorise(hello).toCompletableFuture().join(), RefusalReason.UNAVAILABLE, 0);
        answered.countDown();
        waiting.forEach(
                verdict -> assertThat(verdict.toCompletableFuture().join()).isEqualTo(CharLinkVerdict.accept()));
        assertThat(slow.authorise(hello).toCompletableFuture().join()).isEqualTo(CharLinkVerdict.accept());
    }

    private static Optional<HostLifeState> waitFor(CountDownLatch answered) {
        try {
            answered.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.of(HostLifeState.READY);
    }

    private static final class Unreadable implements MapOwners {
        @Override
        public OwnerDecision compareAndSet(OwnerChange change) {
            throw new IllegalStateException("database away");
        }

        @Override
        public Optional<MapOwner> find(MapName map) {
            throw new IllegalStateException("database away");
        }

        @Override
        public List<MapOwner> all() {
            throw new IllegalStateException("database away");
        }
    }
}
