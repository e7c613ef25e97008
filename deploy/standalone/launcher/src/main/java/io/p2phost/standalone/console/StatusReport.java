package io.p2phost.standalone.console;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.suite.PartState;
import io.p2phost.standalone.suite.PartStatus;
import io.p2phost.standalone.suite.PortPlan;
import io.p2phost.standalone.suite.Probe;
import io.p2phost.standalone.suite.Probe.Answer;
import io.p2phost.standalone.suite.SuiteStatus;
import io.p2phost.standalone.suite.SuiteStatus.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/** The answer of {@code ./p2p status}: the launcher's own picture, with each service asked again at this moment. */
public final class StatusReport {
    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(2);

    /**
     * One row.
     *
     * @param state the launcher's word, or {@code not-ready} for a service that is up and does not answer 200
     * @param port where it is used; 0 if unknown
     */
    private record Row(PartStatus part, String state, int port) {}

    private final Home home;
    private final SuiteStatus suite;
    private final List<Row> rows;

    private StatusReport(Home home, SuiteStatus suite, List<Row> rows) {
        this.home = home;
        this.suite = suite;
        this.rows = rows;
    }

    /** Looks at a running suite now. */
    public static StatusReport of(Home home, SuiteStatus suite) {
        PortPlan ports = new PortPlan(suite.portOffset());
        List<Row> rows = new ArrayList<>();
        for (PartStatus part : suite.parts()) {
            Optional<ServiceName> service = ServiceName.byId(part.name());
            String state = part.state().word();
            if (part.state() == PartState.READY
                    && service.isPresent()
                    && Probe.readiness(ports.management(service.get()), PROBE_DEADLINE) != Answer.YES) {
                state = "not-ready";
            }
            int port =
                    service.map(ports::http).orElse(part.name().equals("kafka") ? ports.kafka() : ports.postgresql());
            rows.add(new Row(part, state, port));
        }
        return new StatusReport(home, suite, rows);
    }

    /** Whether the suite is up and each part ready at this moment. */
    public boolean allReady() {
        return suite.phase() == Phase.READY
                && rows.stream().allMatch(row -> row.state().equals("ready"));
    }

    public String text(Instant now) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "The suite is %s (%s form, pid %d, up %s).%n",
                phase(),
                suite.form(),
                suite.pid(),
                upFor(Duration.between(suite.startedAt(), now))));
        for (Row row : rows) {
            PartStatus part = row.part();
            text.append(String.format(Locale.ROOT, "  %-20s%-11s", part.name(), row.state()));
            text.append(
                    part.startMillis() > 0 ? StartDisplay.seconds(Duration.ofMillis(part.startMillis())) : "        ");
            text.append(String.format(Locale.ROOT, "  port %-5d", row.port()));
            if (part.pid() > 0) {
                text.append("  pid ").append(part.pid());
            }
            if (part.restarts() > 0) {
                text.append("  restarts ").append(part.restarts());
            }
            if (!part.detail().isEmpty()) {
                text.append("  ").append(part.detail());
            }
            text.append(System.lineSeparator());
        }
        text.append("Gateway    ").append(gateway()).append(System.lineSeparator());
        text.append("Admin key  ").append(home.adminKey());
        return text.toString();
    }

    public String json() {
        StringJoiner parts = new StringJoiner(",", "[", "]");
        for (Row row : rows) {
            PartStatus part = row.part();
            parts.add("{\"name\":" + quoted(part.name()) + ",\"state\":" + quoted(row.state()) + ",\"since\":"
                    + quoted(part.since().toString()) + ",\"startMillis\":" + part.startMillis() + ",\"restarts\":"
                    + part.restarts() + ",\"port\":" + row.port() + ",\"pid\":"
                    + (part.pid() > 0 ? part.pid() : suite.pid()) + ",\"detail\":" + quoted(part.detail()) + "}");
        }
        return "{\"running\":true,\"ready\":" + allReady() + ",\"phase\":" + quoted(phase()) + ",\"form\":"
                + quoted(suite.form()) + ",\"pid\":" + suite.pid() + ",\"startedAt\":"
                + quoted(suite.startedAt().toString()) + ",\"readyMillis\":" + suite.readyMillis() + ",\"portOffset\":"
                + suite.portOffset() + ",\"gateway\":" + quoted(gateway()) + ",\"home\":"
                + quoted(home.root().toString()) + ",\"adminKeyFile\":"
                + quoted(home.adminKey().toString()) + ",\"parts\":" + parts + "}";
    }

    /** The answer when no launcher runs; {@code left} names processes of a killed one. */
    public static String stoppedJson(Home home, List<String> left) {
        StringJoiner names = new StringJoiner(",", "[", "]");
        left.forEach(name -> names.add(quoted(name)));
        return "{\"running\":false,\"ready\":false,\"home\":"
                + quoted(home.root().toString()) + ",\"leftProcesses\":" + names + "}";
    }

    private String phase() {
        return suite.phase().name().toLowerCase(Locale.ROOT);
    }

    private String gateway() {
        return "http://127.0.0.1:" + new PortPlan(suite.portOffset()).http(ServiceName.GATEWAY);
    }

    private static String upFor(Duration time) {
        return time.toHours() > 0
                ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toMinutes() > 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                default -> {
                    if (c < ' ') {
                        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }
}
