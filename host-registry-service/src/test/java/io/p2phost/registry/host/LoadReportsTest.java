package io.p2phost.registry.host;

import static io.p2phost.registry.host.HostFixture.IDLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.HostId;
import io.p2phost.registry.MutableClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadReportsTest {
    private final MutableClock clock = new MutableClock();
    private final LoadReports reports = new LoadReports(Duration.ofSeconds(5), clock::nanos);
    private final HostId host = HostId.random();

    private static Load cpu(double percent) {
        return new Load(percent, 30, 1, 20, 0);
    }

    private Map<HostId, Load> publish() {
        Map<HostId, Load> due = reports.due(10);
        reports.published(due);
        return due;
    }

    @Test
    void theFirstLoadIsDueAtOnce() {
        reports.report(host, cpu(5));

        assertThat(publish()).containsEntry(host, cpu(5));
        assertThat(publish()).isEmpty();
    }

    @Test
    void aChangeIsDueOnceTheIntervalIsOverAndTheNewestCounts() {
        reports.report(host, cpu(5));
        publish();
        reports.report(host, cpu(50));
        reports.report(host, cpu(60));

        assertThat(reports.due(10)).isEmpty();
        clock.pass(Duration.ofSeconds(5));
        assertThat(publish()).containsEntry(host, cpu(60));
    }

    @Test
    void noiseIsNotPublished() {
        reports.report(host, cpu(5));
        publish();
        clock.pass(Duration.ofMinutes(1));
        reports.report(host, cpu(6.9));
        assertThat(reports.due(10)).isEmpty();
        reports.report(host, cpu(7));
        assertThat(reports.due(10)).hasSize(1);
    }

    @Test
    void noMoreAreDueThanAskedForAndWhatCouldNotBePublishedStaysDue() {
        for (int i = 0; i < 25; i++) {
            reports.report(HostId.random(), IDLE);
        }
        assertThat(reports.due(10)).hasSize(10);
        assertThat(reports.due(10)).hasSize(10);
        publish();
        publish();
        assertThat(publish()).hasSize(5);
        assertThat(reports.size()).isEqualTo(25);
    }

    @Test
    void aForgottenHostIsNotPublished() {
        reports.report(host, IDLE);
        reports.forget(host);
        assertThat(publish()).isEmpty();
    }

    @Test
    void loadsOutsideTheirRangesAreRefused() {
        assertThatThrownBy(() -> cpu(100.1)).hasMessage("cpuPercent: 100.1 (expected: 0.0 to 100.0)");
        assertThatThrownBy(() -> cpu(Double.NaN)).hasMessageContaining("cpuPercent: NaN");
        assertThatThrownBy(() -> new Load(1, 1, 1, -1, 0)).hasMessageContaining("latencyMs: -1.0");
    }
}
