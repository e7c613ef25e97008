package io.p2phost.agent.manners;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.agent.MutableTime;
import io.p2phost.agent.home.HostNodeConf;
import io.p2phost.agent.home.PauseFile;
import io.p2phost.agent.machine.Load;
import io.p2phost.agent.machine.Vitals.LinkBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MannersTest {
    private static final HostNodeConf LIMITS = new HostNodeConf(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(80), OptionalInt.empty(), OptionalInt.empty());

    @TempDir
    Path directory;

    private final MutableTime time = new MutableTime();
    private Observed seen = Observed.NOTHING;
    private PauseFile pauses;
    private boolean goingToSleep;

    @BeforeEach
    void place() {
        pauses = new PauseFile(directory.resolve("pause"));
    }

    private Manners manners(String conf) {
        Preferences preferences = Preferences.parse("manners.conf", conf);
        TrafficCount traffic = new TrafficCount(directory.resolve("traffic.json"), time, ZoneOffset.UTC);
        return new Manners(
                preferences, LIMITS, () -> seen, pauses::until, () -> goingToSleep, traffic, time, ZoneOffset.UTC);
    }

    private static Observed programs(String... names) {
        return new Observed(Set.of(names), null, null, null, OptionalDouble.empty(), null);
    }

    private static Observed power(boolean onBattery, boolean metered) {
        return new Observed(Set.of(), onBattery, null, metered, OptionalDouble.empty(), null);
    }

    private static Observed celsius(double celsius) {
        return new Observed(Set.of(), null, null, null, OptionalDouble.of(celsius), null);
    }

    private static Observed input(Duration since) {
        return new Observed(Set.of(), null, since, null, OptionalDouble.empty(), null);
    }

    private static Observed link(long bytes) {
        return new Observed(Set.of(), null, null, null, OptionalDouble.empty(), new LinkBytes("eth0", bytes));
    }

    /** Looks every five seconds for that long. */
    private Level after(Manners manners, Duration duration) {
        for (long i = duration.toSeconds() / 5; i > 0; i--) {
            time.pass(Duration.ofSeconds(5));
            manners.look();
        }
        return manners.decision().level();
    }

    @Test
    void anExclusiveProgramPausesAtOnceAndForAWhileAfterwards() {
        Manners manners = manners("exclusive_programs: game");
        assertThat(manners.look()).isEqualTo(Decision.NORMAL);
        assertThat(manners.objection()).isEmpty();

        seen = programs("game");
        assertThat(manners.look()).isEqualTo(new Decision(Level.PAUSE, "running: game"));
        assertThat(manners.objection()).contains("running: game");
        seen = Observed.NOTHING;
        assertThat(after(manners, Duration.ofSeconds(295))).isEqualTo(Level.PAUSE);
        assertThat(after(manners, Duration.ofSeconds(10))).isEqualTo(Level.NORMAL);
    }

    @Test
    void aMachineThatIsAboutToSleepPausesWithoutALook() {
        Manners manners = manners("");
        manners.look();
        goingToSleep = true;
        assertThat(manners.decision()).isEqualTo(new Decision(Level.PAUSE, "the machine is about to sleep"));
        assertThat(manners.objection()).contains("the machine is about to sleep");
        goingToSleep = false;
        assertThat(manners.decision()).isEqualTo(Decision.NORMAL);
    }

    @Test
    void aReasonThatComesAndGoesDoesNotFlap() {
        Manners manners = manners("exclusive_programs: game");
        int changes = 0;
        Level before = manners.look().level();
        for (int i = 0; i < 600; i++) {
            seen = i % 2 == 0 ? programs("game") : Observed.NOTHING;
            after(manners, Duration.ofSeconds(5));
            changes += manners.decision().level() == before ? 0 : 1;
            before = manners.decision().level();
        }
        assertThat(changes).isEqualTo(1);
    }

    @Test
    void batteryAndMeteredLinksPauseUnlessTheOwnerSaysOtherwise() {
        seen = power(true, false);
        assertThat(manners("").look().reason()).isEqualTo("the machine runs on its battery");
        assertThat(manners("host_on_battery: true").look()).isEqualTo(Decision.NORMAL);
        seen = power(false, true);
        assertThat(manners("").look()).isEqualTo(new Decision(Level.PAUSE, "the network connection is metered"));
        assertThat(manners("host_on_metered: true").look()).isEqualTo(Decision.NORMAL);
        seen = power(false, false);
        assertThat(manners("").look()).isEqualTo(Decision.NORMAL);
    }

    @Test
    void hoursPauseWithoutDelayInBothDirections() {
        String day = time.instant().atZone(ZoneOffset.UTC).getDayOfWeek().name().toLowerCase(Locale.ROOT);
        assertThat(manners("hours: {every_day: always, " + day + ": never}").look())
                .isEqualTo(new Decision(Level.PAUSE, "it is outside the hours you gave"));
        assertThat(manners("hours: {" + day + ": always}").look()).isEqualTo(Decision.NORMAL);
    }

    @Test
    void inputSendsMapsAwayUntilItIsLongEnoughAgo() {
        Manners manners = manners("pause_after_input_minutes: 5");
        seen = input(Duration.ZERO);
        assertThat(manners.look()).isEqualTo(new Decision(Level.SHED, "you are using the machine"));
        seen = input(Duration.ofSeconds(299));
        assertThat(manners.look().level()).isEqualTo(Level.SHED);
        seen = input(Duration.ofMinutes(5));
        assertThat(manners.look().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void heatCountsAfterAWhileAndEndsWellBelowTheLimit() {
        Manners manners = manners("max_celsius: 80\ncalm_minutes: 1");
        seen = celsius(85);
        assertThat(after(manners, Duration.ofSeconds(10)))
                .as("a short burst is none")
                .isEqualTo(Level.NORMAL);
        assertThat(after(manners, Duration.ofSeconds(15))).isEqualTo(Level.SHED);
        seen = celsius(78);
        assertThat(after(manners, Duration.ofMinutes(10)))
                .as("between the two thresholds")
                .isEqualTo(Level.SHED);
        seen = celsius(74);
        assertThat(after(manners, Duration.ofMinutes(2))).isEqualTo(Level.NORMAL);
    }

    @Test
    void aLoadAboveTheLimitsKeepsMapsAwayAtOnceAndForAWhileIfItLasts() {
        Manners manners = manners("");
        manners.load(new Load(95, 10, 0, 0));
        assertThat(after(manners, Duration.ofSeconds(30))).isEqualTo(Level.NORMAL);
        assertThat(manners.objection()).get().asString().startsWith("cpu load is 95.0 %");
        assertThat(after(manners, Duration.ofMinutes(1))).isEqualTo(Level.NO_MORE);
        manners.load(new Load(10, 10, 0, 0));
        assertThat(after(manners, Duration.ofMinutes(4))).isEqualTo(Level.NO_MORE);
        assertThat(after(manners, Duration.ofMinutes(2))).isEqualTo(Level.NORMAL);
        assertThat(manners.objection()).isEmpty();
    }

    @Test
    void trafficStopsNewMapsNearTheBudgetAndAllAtItsEnd() {
        Manners manners = manners("monthly_traffic_gb: 10");
        seen = link(5_000_000_000L);
        assertThat(manners.look())
                .as("what was before the start does not count")
                .isEqualTo(Decision.NORMAL);
        seen = link(14_100_000_000L);
        assertThat(manners.look())
                .isEqualTo(new Decision(Level.NO_MORE, "91 % of this month's traffic (10 GB) are used up"));
        seen = link(15_000_000_000L);
        assertThat(manners.look().level()).isEqualTo(Level.PAUSE);
    }

    @Test
    void theOwnersPauseCountsAtOnceAndEndsAtItsTimeOrWhenTakenBack() throws IOException {
        Manners manners = manners("");
        pauses.pause(time.instant().plusSeconds(60));
        assertThat(manners.look().level()).isEqualTo(Level.PAUSE);
        assertThat(manners("").look().level()).as("a restart keeps it").isEqualTo(Level.PAUSE);
        assertThat(after(manners, Duration.ofSeconds(60))).isEqualTo(Level.NORMAL);
        pauses.pause(PauseFile.FOR_EVER);
        assertThat(manners.look()).isEqualTo(new Decision(Level.PAUSE, "you paused it"));
        assertThat(pauses.resume()).isTrue();
        assertThat(manners.look()).isEqualTo(Decision.NORMAL);
        Files.writeString(directory.resolve("pause"), "until I am back");
        assertThat(manners.look().level()).as("somebody wanted one").isEqualTo(Level.PAUSE);
        assertThat(pauses.resume()).isTrue();
        assertThat(pauses.resume()).isFalse();
    }

    @Test
    void theWorstOfSeveralReasonsCounts() {
        Manners manners = manners("exclusive_programs: game\npause_after_input_minutes: 5");
        seen = new Observed(Set.of("game"), true, Duration.ZERO, null, OptionalDouble.empty(), null);
        assertThat(manners.look()).isEqualTo(new Decision(Level.PAUSE, "running: game"));
    }

    @Test
    void aWishThatTheMachineCannotShowIsNamed() {
        Manners manners = manners("pause_after_input_minutes: 5\nmax_celsius: 80\nmonthly_traffic_gb: 1");
        assertThat(manners.look()).isEqualTo(Decision.NORMAL);
        assertThat(manners.blind()).containsExactly("pause_after_input_minutes", "max_celsius", "monthly_traffic_gb");
    }
}
