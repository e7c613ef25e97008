package io.p2phost.dbproxy.charlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.dbproxy.ownership.InMemoryMapOwners;
import io.p2phost.dbproxy.ownership.OwnerChange;
import io.p2phost.links.CloseReason;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.charlink.CharLinkServer;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a lost link means, without a network. */
class CharLinksTest {
    private static final MapName MAP = MapName.of("prt_fild08");
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final HostId host = HostId.random();
    private final InMemoryMapOwners owners = new InMemoryMapOwners();
    private final HostIndex hosts = new HostIndex(asked -> Optional.empty());
    private final List<HostId> reported = new CopyOnWriteArrayList<>();
    private final LinkTransport transport = LinkTransport.start("links", 1);
    private final LinkAudit audit = new LinkAudit(event -> {}, System::nanoTime, new SimpleMeterRegistry());
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final CharLinks links = new CharLinks(
            new CharLinks.Parts(
                    new CharLinkServer.Options(
                            LinkSettings.defaults(), new AddressLimits.Rules(10, 10, 10, 10, 10), GRACE),
                    RotatingTls.accepting(TlsProvider.JDK),
                    transport,
                    new Admission(owners, hosts),
                    hello -> {
                        throw new AssertionError("nobody connects");
                    },
                    new RecordingMetrics()),
            owners,
            hosts,
            (lost, observedAt) -> reported.add(lost),
            audit,
            () -> now,
            new CharLinks.Policy(GRACE, Duration.ofMinutes(1), Duration.ofSeconds(1)),
            new SimpleMeterRegistry());

    @AfterEach
    void close() {
        links.close();
        audit.close();
        transport.close();
    }

    private CharLinkHello owned() {
        owners.compareAndSet(new OwnerChange(MAP, Epoch.NONE, Owner.host(host), false, "TEST", "test"));
        return new CharLinkHello(host, MAP, Epoch.of(1), CellRole.PRIMARY);
    }

    @Test
    void linkThatBreaksHasTheGraceToComeBack() {
        links.closed(owned(), CloseReason.PEER_CLOSED);
        now = now.plus(GRACE).minusMillis(1);
        links.look();
        assertThat(reported).isEmpty();

        now = now.plusMillis(1);
        links.look();
        await().until(() -> reported.equals(List.of(host)));
    }

    @ParameterizedTest
    @EnumSource(
            value = CloseReason.class,
            names = {"SILENT", "GOING_AWAY"})
    void nobodyWaitsForOneWhoWasSilentForAsLongOrSaysThatHeGoes(CloseReason reason) {
        links.closed(owned(), reason);
        links.look();
        await().until(() -> reported.equals(List.of(host)));
    }

    @ParameterizedTest
    @EnumSource(
            value = CloseReason.class,
            names = {"FENCED", "REPLACED", "CUT", "REFUSED", "SHUTDOWN"})
    void linkThatWasEndedHereIsNoLoss(CloseReason reason) {
        CharLinkHello hello = owned();
        links.closed(hello, reason);
        now = now.plus(GRACE);
        links.look();

        HostId other = HostId.random();
        owners.compareAndSet(new OwnerChange(MAP, Epoch.of(1), Owner.host(other), false, "TEST", "test"));
        List<CharLinkHello> both = new ArrayList<>(List.of(hello));
        both.add(new CharLinkHello(other, MAP, Epoch.of(2), CellRole.PRIMARY));
        both.forEach(each -> links.closed(each, CloseReason.GOING_AWAY));
        links.look();
        await().until(() -> !reported.isEmpty());
        assertThat(reported).as("who owns nothing any more is no loss either").containsExactly(other);
    }
}
