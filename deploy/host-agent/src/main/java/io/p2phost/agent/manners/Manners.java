package io.p2phost.agent.manners;

import io.p2phost.agent.Time;
import io.p2phost.agent.home.HostNodeConf;
import io.p2phost.agent.home.PauseFile;
import io.p2phost.agent.machine.Load;
import io.p2phost.agent.serving.Admission;
import io.p2phost.agent.serving.NodeLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner comes first: looks at his machine every few seconds and decides whether maps may come, must stay away or go.
 * Of several reasons the worst counts. Looked at by one thread; its decision may be read by any.
 */
public final class Manners implements Admission {
    private static final Logger log = LoggerFactory.getLogger(Manners.class);

    /** Shorter bursts above a load limit only keep a map away that would start just then. */
    private static final Duration LOAD_AFTER = Duration.ofMinutes(1);

    private static final Decision GOING_TO_SLEEP = new Decision(Level.PAUSE, "the machine is about to sleep");

    private static final Duration HOT_AFTER = Duration.ofSeconds(15);

    /** Degrees below the limit at which the machine counts as cool again. */
    private static final int COOL_BELOW = 5;

    /** Percent of the month's traffic from which nothing more comes. */
    private static final int NEARLY_USED_UP = 90;

    private static final long GIGABYTE = 1_000_000_000L;

    private final Preferences preferences;
    private final Senses senses;
    private final Supplier<@Nullable Instant> pausedUntil;
    private final BooleanSupplier goingToSleep;
    private final @Nullable TrafficCount traffic;
    private final NodeLimits limits;
    private final Time time;
    private final ZoneId zone;
    private final Latch programs;
    private final Latch battery;
    private final Latch metered;
    private final Latch hot;
    private final Latch loaded;
    private volatile @Nullable Load lastLoad;
    private volatile Decision decision = Decision.NORMAL;
    private volatile List<String> blind = List.of();

    /**
     * @param pausedUntil until when the owner himself paused; null: he did not
     * @param goingToSleep whether the machine is about to sleep
     * @param traffic null where there is no budget
     * @param zone of the owner's clock
     */
    public Manners(
            Preferences preferences,
            HostNodeConf conf,
            Senses senses,
            Supplier<@Nullable Instant> pausedUntil,
            BooleanSupplier goingToSleep,
            @Nullable TrafficCount traffic,
            Time time,
            ZoneId zone) {
        this.preferences = preferences;
        this.senses = senses;
        this.pausedUntil = pausedUntil;
        this.goingToSleep = goingToSleep;
        this.traffic = traffic;
        this.limits = new NodeLimits(conf, () -> lastLoad);
        this.time = time;
        this.zone = zone;
        this.programs = new Latch(Duration.ZERO, preferences.calm());
        this.battery = new Latch(Duration.ZERO, preferences.calm());
        this.metered = new Latch(Duration.ZERO, preferences.calm());
        this.hot = new Latch(HOT_AFTER, preferences.calm());
        this.loaded = new Latch(LOAD_AFTER, preferences.calm());
    }

    /** For a machine whose owner wants nothing and of which nothing is seen. */
    public static Manners none(HostNodeConf conf, Time time) {
        return new Manners(
                Preferences.STANDARD,
                conf,
                () -> Observed.NOTHING,
                () -> null,
                () -> false,
                null,
                time,
                ZoneId.systemDefault());
    }

    /** Takes note of the load that was measured last. */
    public void load(@Nullable Load load) {
        lastLoad = load;
    }

    /** What counts now. That the machine is about to sleep counts without a look: there are seconds left. */
    public Decision decision() {
        return goingToSleep.getAsBoolean() ? GOING_TO_SLEEP : decision;
    }

    /** Wishes that have no effect because this machine does not show what they are about. */
    public List<String> blind() {
        return blind;
    }

    public Duration handOver() {
        return preferences.handOver();
    }

    @Override
    public Optional<String> objection() {
        Decision present = decision();
        return present.level() == Level.NORMAL ? limits.objection() : Optional.of(present.reason());
    }

    /** Looks once and decides anew. */
    public Decision look() {
        Observed seen = senses.look();
        Decision fresh = paused().worse(outsideHours())
                .worse(programs.see(programs(seen), time.nanos()))
                .worse(battery.see(battery(seen), time.nanos()))
                .worse(metered.see(metered(seen), time.nanos()))
                .worse(traffic(seen))
                .worse(hot.see(hot(seen), time.nanos()))
                .worse(input(seen))
                .worse(loaded.see(overloaded(), time.nanos()));
        if (fresh.level() != decision.level()) {
            if (fresh.level() == Level.NORMAL) {
                log.info("manners: NORMAL, maps may come");
            } else {
                log.info("manners: {}: {}", fresh.level(), fresh.reason());
            }
        }
        decision = fresh;
        noteBlindness(seen);
        return fresh;
    }

    /** Writes down what has to outlive the agent. */
    public void end() {
        if (traffic != null) {
            traffic.write();
        }
    }

    private Decision paused() {
        Instant until = pausedUntil.get();
        if (until == null || !time.instant().isBefore(until)) {
            return Decision.NORMAL;
        }
        return new Decision(
                Level.PAUSE, until.equals(PauseFile.FOR_EVER) ? "you paused it" : "you paused it until " + until);
    }

    private Decision outsideHours() {
        Hours hours = preferences.hours();
        return hours == null || hours.contains(LocalDateTime.ofInstant(time.instant(), zone))
                ? Decision.NORMAL
                : new Decision(Level.PAUSE, "it is outside the hours you gave");
    }

    private static Decision programs(Observed seen) {
        return seen.programs().isEmpty()
                ? Decision.NORMAL
                : new Decision(Level.PAUSE, "running: " + String.join(", ", new TreeSet<>(seen.programs())));
    }

    private Decision battery(Observed seen) {
        return preferences.hostOnBattery() || !Boolean.TRUE.equals(seen.onBattery())
                ? Decision.NORMAL
                : new Decision(Level.PAUSE, "the machine runs on its battery");
    }

    private Decision metered(Observed seen) {
        return preferences.hostOnMetered() || !Boolean.TRUE.equals(seen.metered())
                ? Decision.NORMAL
                : new Decision(Level.PAUSE, "the network connection is metered");
    }

    private Decision traffic(Observed seen) {
        if (traffic == null || preferences.monthlyGigabytes().isEmpty()) {
            return Decision.NORMAL;
        }
        if (seen.link() != null) {
            traffic.note(seen.link());
        }
        int budget = preferences.monthlyGigabytes().getAsInt();
        long percent = traffic.bytes() / (budget * GIGABYTE / 100);
        if (percent >= 100) {
            return new Decision(Level.PAUSE, "this month's traffic is used up (" + budget + " GB)");
        }
        return percent >= NEARLY_USED_UP
                ? new Decision(Level.NO_MORE, percent + " % of this month's traffic (" + budget + " GB) are used up")
                : Decision.NORMAL;
    }

    private Decision hot(Observed seen) {
        if (preferences.maxCelsius().isEmpty() || seen.celsius().isEmpty()) {
            return Decision.NORMAL;
        }
        int max = preferences.maxCelsius().getAsInt();
        double celsius = seen.celsius().getAsDouble();
        return celsius > (hot.holds() ? max - COOL_BELOW : max)
                ? new Decision(Level.SHED, "the processor has " + Math.round(celsius) + " °C (limit: " + max + ")")
                : Decision.NORMAL;
    }

    private Decision input(Observed seen) {
        Duration since = seen.sinceInput();
        return preferences.inputMinutes().isPresent()
                        && since != null
                        && since.toSeconds() < 60L * preferences.inputMinutes().getAsInt()
                ? new Decision(Level.SHED, "you are using the machine")
                : Decision.NORMAL;
    }

    private Decision overloaded() {
        return limits.objection().map(why -> new Decision(Level.NO_MORE, why)).orElse(Decision.NORMAL);
    }

    /** A wish that cannot be kept is said, once. */
    private void noteBlindness(Observed seen) {
        List<String> now = new ArrayList<>();
        if (preferences.inputMinutes().isPresent() && seen.sinceInput() == null) {
            now.add("pause_after_input_minutes");
        }
        if (preferences.maxCelsius().isPresent() && seen.celsius().isEmpty()) {
            now.add("max_celsius");
        }
        if (preferences.monthlyGigabytes().isPresent() && seen.link() == null) {
            now.add("monthly_traffic_gb");
        }
        if (!now.equals(blind)) {
            now.stream()
                    .filter(key -> !blind.contains(key))
                    .forEach(key -> log.warn("{}: has no effect, this machine does not show it", key));
            blind = List.copyOf(now);
        }
    }
}
