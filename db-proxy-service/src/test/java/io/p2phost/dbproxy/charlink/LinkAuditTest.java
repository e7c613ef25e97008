package io.p2phost.dbproxy.charlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.RefusalReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LinkAuditTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong();
    private final List<LinkEvent> written = new CopyOnWriteArrayList<>();
    private final CharLinkHello hello =
            new CharLinkHello(HostId.random(), MapName.of("prt_fild08"), Epoch.of(3), CellRole.PRIMARY);

    private double skipped(String why) {
        return meters.get("p2p_dbproxy_char_link_audit_skipped_total")
                .tag("why", why)
                .counter()
                .count();
    }

    @Test
    void theSameRefusalIsWrittenOnceAMinute() {
        try (LinkAudit audit = new LinkAudit(written::add, nanos::get, meters)) {
            audit.start();
            LinkEvent refusal = new LinkEvent.Refused(hello, RefusalReason.STALE_EPOCH, Epoch.of(4));
            for (int i = 0; i < 50; i++) {
                audit.note(refusal);
            }
            audit.note(new LinkEvent.Refused(hello, RefusalReason.STALE_EPOCH, Epoch.of(5)));
            Awaitility.await().until(() -> written.size() == 2);
            assertThat(skipped("repeated")).isEqualTo(49);
            nanos.addAndGet(Duration.ofSeconds(61).toNanos());
            audit.note(refusal);
            Awaitility.await().until(() -> written.size() == 3);
        }
    }

    @Test
    void whatDoesNotFitIsCounted() {
        List<LinkEvent> events = new ArrayList<>();
        try (LinkAudit audit = new LinkAudit(events::add, nanos::get, meters)) {
            for (int i = 0; i <= LinkAudit.MAX_WAITING; i++) {
                CharLinkHello other = new CharLinkHello(HostId.random(), hello.map(), hello.epoch(), hello.role());
                audit.note(new LinkEvent.Closed(other, CloseReason.SILENT));
            }
            assertThat(skipped("full")).isEqualTo(1);
        }
    }

    @Test
    void hostThatChangesItsClaimsDoesNotFillTheTrail() {
        try (LinkAudit audit = new LinkAudit(written::add, nanos::get, meters)) {
            for (int i = 0; i < LinkAudit.MAX_PER_HOST + 10; i++) {
                CharLinkHello claim = new CharLinkHello(hello.host(), hello.map(), Epoch.of(i + 1), hello.role());
                audit.note(new LinkEvent.Refused(claim, RefusalReason.NOT_OWNER, Epoch.of(3)));
            }
            assertThat(skipped("full")).isEqualTo(10);
        }
    }

    @Test
    void failureOfTheDatabaseCostsThatEntryOnly() {
        try (LinkAudit audit = new LinkAudit(
                event -> {
                    if (event instanceof LinkEvent.Accepted) {
                        throw new IllegalStateException("away");
                    }
                    written.add(event);
                },
                nanos::get,
                meters)) {
            audit.start();
            audit.note(new LinkEvent.Accepted(hello));
            audit.note(new LinkEvent.Closed(hello, CloseReason.SILENT));
            Awaitility.await().until(() -> written.size() == 1);
            assertThat(skipped("full")).isEqualTo(1);
        }
    }
}
