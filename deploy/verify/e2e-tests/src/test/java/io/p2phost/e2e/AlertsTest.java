package io.p2phost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.e2e.Alerts.Alert;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever is woken finds out what it means and what to do. That the metrics are exposed is SuiteIT's. */
class AlertsTest {
    private static final Pattern SECTION = Pattern.compile("(?m)^## ((?:[A-Z][a-z]+){2,})$");

    @Test
    void everyAlertHasItsSectionOfTheRunbookAndEverySectionItsAlert() throws IOException {
        String runbook = Files.readString(Alerts.ROOT.resolve("docs/runbook.md"));
        List<Alert> alerts = Alerts.all();
        assertThat(alerts).hasSizeGreaterThan(20);
        for (Alert alert : alerts) {
            assertThat(alert.line("runbook"))
                    .isEqualTo("docs/runbook.md#" + alert.name().toLowerCase(Locale.ROOT));
            String heading = "\n## " + alert.name() + "\n";
            assertThat(runbook).contains(heading);
            int start = runbook.indexOf(heading) + heading.length();
            int end = runbook.indexOf("\n## ", start);
            assertThat(runbook.substring(start, end < 0 ? runbook.length() : end))
                    .as(alert.name())
                    .containsPattern("\\*\\*(Do|Look and do):\\*\\*");
        }
        assertThat(SECTION.matcher(runbook).results().map(section -> section.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        alerts.stream().map(Alert::name).toList());
    }

    @Test
    void everyAlertSaysWhatPlayersNoticeAndWhetherItWakesSomebody() throws IOException {
        for (Alert alert : Alerts.all()) {
            assertThat(alert.line("summary")).as(alert.name()).hasSizeGreaterThan(15);
            assertThat(alert.line("players")).as(alert.name()).hasSizeGreaterThan(8);
            assertThat(alert.line("labels")).as(alert.name()).isIn("{severity: page}", "{severity: ticket}");
        }
    }

    @Test
    void everyAlertHasATestOfItsOwn() throws IOException {
        String tests = Files.readString(Alerts.FOLDER.resolve("alerts.test.yml"));
        for (Alert alert : Alerts.all()) {
            assertThat(tests).containsPattern("\\b" + alert.name() + "\\b");
        }
    }

    @Test
    void everyAlertReadsASeriesAndKnowsItFromOthers() throws IOException {
        assertThat(Alerts.all())
                .allSatisfy(alert -> assertThat(alert.line("expr")).containsPattern("\\bp2p_\\w+|\\bup\\{"));
        assertThat(Alerts.series())
                .hasSizeGreaterThan(20)
                .contains("p2p_dbproxy_session_writes_total{outcome=~\"late|failed\"}");
        String series = "p2p_x_total{part=\"players\",reason=~\"a|b\"}";
        assertThat(Alerts.isOf(series, "p2p_x_total{application=\"r\",part=\"players\",reason=\"b\"} 0.0"))
                .isTrue();
        assertThat(Alerts.isOf(series, "p2p_x_total{part=\"tunnels\",reason=\"b\"} 0.0"))
                .isFalse();
        assertThat(Alerts.isOf(series, "p2p_x_total{part=\"players\",reason=\"c\"} 0.0"))
                .isFalse();
        assertThat(Alerts.isOf("p2p_x", "p2p_x_total 1.0")).isFalse();
        assertThat(Alerts.isOf("p2p_x", "p2p_x 1.0")).isTrue();
    }

    /** A quiet server shows lines at zero: an empty panel looks like a broken one. */
    @Test
    void noQueryOfABoardLeavesOutWhatIsZero() throws IOException {
        assertThat(Alerts.boardQueries())
                .hasSizeGreaterThan(10)
                .allSatisfy(query -> assertThat(query).doesNotContainPattern("\\s[<>]=?\\s|\\s!=\\s"));
    }
}
