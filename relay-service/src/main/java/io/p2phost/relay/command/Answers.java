package io.p2phost.relay.command;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.relay.command.Suite.Standing;
import io.p2phost.relay.command.Suite.Verdict;
import io.p2phost.relay.player.Commands.Asker;
import io.p2phost.relay.player.Commands.Trips;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Players;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Words the answers. A host that is not the asker's own is told by region and tier, never by name, id or address; staff see
 * the first digits of its id, to look it up.
 */
public final class Answers {
    /** Lines about maps, hosts or verdicts in one answer: more scroll the chat away. */
    static final int MOST_LINES = 15;

    private static final String NOT_KNOWN = "not known at the moment";
    private static final int STAFF_ID = 8;

    private final Suite suite;
    private final Hosts hosts;
    private final RouteTable routes;
    private final RouteTimes times;
    private final Players players;
    private final int staffGroup;

    /**
     * Answers from those.
     *
     * @param staffGroup accounts of this group or a higher one see all hosts' verdicts and what is degraded
     */
    public Answers(Suite suite, Hosts hosts, RouteTable routes, RouteTimes times, Players players, int staffGroup) {
        this.suite = suite;
        this.hosts = hosts;
        this.routes = routes;
        this.times = times;
        this.players = players;
        this.staffGroup = staffGroup;
    }

    /** May block for some seconds. */
    List<String> to(Question question, Asker asker) {
        return switch (question) {
            case STATUS -> status(asker);
            case LIST -> list();
            case METRICS -> metrics(asker);
            case VALIDATE -> verdicts(asker);
            case UNKNOWN -> Arrays.stream(Question.values()).map(Question::help).toList();
        };
    }

    private boolean isStaff(Asker asker) {
        return asker.group() >= staffGroup;
    }

    // ---- @p2pstatus ----

    private List<String> status(Asker asker) {
        List<String> lines = new ArrayList<>();
        Optional<Standing> standing = suite.standing();
        if (standing.isEmpty()) {
            lines.add("The suite's state is " + NOT_KNOWN + ".");
        } else {
            Standing now = standing.get();
            lines.add("The suite is " + now.state() + ": " + now.hostsReady() + " of " + now.hostsKnown()
                    + " hosts ready, " + maps(now));
            if (Boolean.TRUE.equals(now.calledHome())) {
                lines.add("Every map was called home to the server.");
            }
            int amiss = now.degraded().size();
            if (isStaff(asker)) {
                lines.addAll(shown(now.degraded(), sentence -> "Not as it should be: " + sentence));
            } else if (amiss > 0) {
                lines.add("Not as it should be: " + amiss + (amiss == 1 ? " thing" : " things"));
            }
        }
        lines.add(place(asker));
        hosts.ofAccount(asker.account()).stream()
                .limit(MOST_LINES)
                .forEach(host -> lines.add("Your host " + host.name() + " is " + host.state() + ", tier " + host.tier()
                        + ": " + serving(host.hostId())));
        return lines;
    }

    private static String maps(Standing now) {
        return now.onHosts() == null || now.onVps() == null
                ? "maps " + NOT_KNOWN
                : now.onHosts() + " maps on hosts, " + now.onVps() + " on the server";
    }

    private String place(Asker asker) {
        Destination at = asker.at();
        if (at == null) {
            return "Your map has no machine at the moment: you are being moved.";
        }
        if (!at.owner().isHost()) {
            return "Your map is on the server's own machine; " + answersIn(asker.trips()) + ".";
        }
        String since = times.age(at.map(), at.epoch())
                .map(age -> " for " + inWords(age))
                .orElse("");
        return "Your map " + at.map() + " is on a player's machine"
                + where(HostId.of(at.owner().id())) + since + ", epoch " + at.epoch() + "; " + answersIn(asker.trips())
                + ".";
    }

    private String where(HostId id) {
        return hosts.find(id)
                .map(host -> " in " + host.region() + ", tier " + host.tier() + ",")
                .orElse("");
    }

    private static String answersIn(Trips trips) {
        return trips.answered() == 0
                ? "it was not asked for the time yet"
                : "it answers in " + millis(trips.lastNanos()) + " ms";
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    static String inWords(Duration age) {
        if (age.toMinutes() < 2) {
            return age.toSeconds() + " s";
        }
        return age.toHours() < 2 ? age.toMinutes() + " min" : age.toHours() + " h";
    }

    // ---- @p2plist ----

    private List<String> list() {
        Map<?, Integer> here = players.onHosts();
        List<Route> hosted = routes.all().stream()
                .filter(route -> route.host() != null)
                .sorted(Comparator.<Route>comparingInt(route -> -here(here, route))
                        .thenComparing(Route::map))
                .toList();
        List<String> lines = new ArrayList<>();
        lines.add(hosted.size() + (hosted.size() == 1 ? " map is" : " maps are") + " on players' machines.");
        lines.addAll(shown(hosted, route -> {
            HostId host = route.host();
            return route.map() + ":" + (host == null ? "" : where(host)) + " " + here(here, route)
                    + " players through this relay";
        }));
        lines.addAll(regions());
        return lines;
    }

    private static int here(Map<?, Integer> counts, Route route) {
        return counts.getOrDefault(route.map(), 0);
    }

    private List<String> regions() {
        return shown(
                hosts.regions(),
                region -> region.name() + ": " + region.hosts() + " hosts ready, "
                        + region.latencyMs()
                                .map(latency -> Math.round(latency) + " ms to the server on average")
                                .orElse("latency " + NOT_KNOWN));
    }

    // ---- @p2pmetrics ----

    private List<String> metrics(Asker asker) {
        List<String> lines = new ArrayList<>();
        Trips trips = asker.trips();
        lines.add(
                trips.answered() == 0
                        ? "Your map's machine was not asked for the time yet."
                        : "From this relay to your map's machine and back: " + millis(trips.lastNanos())
                                + " ms, at worst " + millis(trips.worstNanos()) + " ms; " + trips.answered() + " of "
                                + trips.asked() + " questions answered.");
        hosts.ofAccount(asker.account()).stream().limit(MOST_LINES).forEach(host -> lines.add(figures(host)));
        Optional<List<Suite.Load>> loads = suite.loads();
        if (loads.isEmpty()) {
            lines.add("What relays carry is " + NOT_KNOWN + ".");
        }
        loads.ifPresent(known -> lines.addAll(shown(
                known,
                load -> "Relays in " + load.region() + ": " + load.relays() + ", with " + load.playerSessions()
                        + " players and " + load.hostTunnels() + " hosts")));
        lines.addAll(regions());
        return lines;
    }

    private String figures(HostStateChanged host) {
        return "Your host " + host.name() + ": cpu " + percent(host.cpuPercent()) + ", memory "
                + percent(host.memoryPercent()) + ", network " + percent(host.networkPercent()) + ", loss "
                + percent(host.packetLossPercent()) + ", "
                + (host.latencyMs() == null ? "?" : Math.round(host.latencyMs())) + " ms; "
                + serving(host.hostId()) + "; score "
                + suite.score(host.hostId())
                        .map(score -> String.format(Locale.ROOT, "%.2f", score))
                        .orElse(NOT_KNOWN);
    }

    private String serving(HostId id) {
        Map<?, Integer> here = players.onHosts();
        List<Route> served = routes.of(id);
        int count = served.stream().mapToInt(route -> here(here, route)).sum();
        return served.size() + (served.size() == 1 ? " map, " : " maps, ") + count + " players through this relay";
    }

    private static String percent(@Nullable Double value) {
        return value == null ? "?" : Math.round(value) + "%";
    }

    // ---- @p2pvalidate ----

    private List<String> verdicts(Asker asker) {
        if (isStaff(asker)) {
            return suite.verdicts(null)
                    .map(found -> found.isEmpty()
                            ? List.of("Nothing was validated lately.")
                            : shown(found, each -> each.hostId().value().substring(0, STAFF_ID) + " on " + told(each)))
                    .orElseGet(() -> List.of("The validator's verdicts are " + NOT_KNOWN + "."));
        }
        List<HostStateChanged> own = hosts.ofAccount(asker.account());
        if (own.isEmpty()) {
            return List.of("You have no host here.");
        }
        List<String> lines = new ArrayList<>();
        own.stream()
                .limit(MOST_LINES)
                .forEach(host -> suite.verdicts(host.hostId())
                        .ifPresentOrElse(
                                found -> lines.addAll(
                                        found.isEmpty()
                                                ? List.of(
                                                        "Your host " + host.name() + ": nothing was validated lately.")
                                                : shown(
                                                        found,
                                                        each -> "Your host " + host.name() + " on " + told(each))),
                                () -> lines.add("Your host " + host.name() + ": " + NOT_KNOWN + ".")));
        return lines.size() > MOST_LINES ? lines.subList(0, MOST_LINES) : lines;
    }

    private static String told(Verdict verdict) {
        return verdict.map() + ": " + verdict.verdict() + ", strikes: " + verdict.strikes()
                + (verdict.findings().isEmpty() ? "" : ": " + verdict.findings().getFirst());
    }

    // ---- lines ----

    private static <T> List<String> shown(List<T> all, Function<T, String> line) {
        List<String> lines =
                new ArrayList<>(all.stream().limit(MOST_LINES).map(line).toList());
        if (all.size() > MOST_LINES) {
            lines.add("... and " + (all.size() - MOST_LINES) + " more");
        }
        return lines;
    }
}
