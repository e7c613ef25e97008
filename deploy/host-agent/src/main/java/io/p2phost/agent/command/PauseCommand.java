package io.p2phost.agent.command;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import io.p2phost.agent.Time;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.HomeLock;
import io.p2phost.agent.home.PauseFile;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code p2p-host pause}: the machine is its owner's alone for a while. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = "Hand all maps back and stay away, until resume or for a time.")
final class PauseCommand implements Callable<Integer> {
    private static final Pattern TIME = Pattern.compile("(?=.)(?:([0-9]{1,3})d)?(?:([0-9]{1,4})h)?(?:([0-9]{1,5})m)?");
    private static final Duration LONGEST = Duration.ofDays(365);

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--for", paramLabel = "TIME", description = "Such as 30m, 2h or 1d12h (default: until resume).")
    private @Nullable String time;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        AgentHome agentHome = home.home();
        agentHome.readIdentity();
        Instant until = time == null
                ? PauseFile.FOR_EVER
                : Time.system().instant().plus(duration(time)).truncatedTo(ChronoUnit.SECONDS);
        new PauseFile(agentHome.pauseFile()).pause(until);
        PrintWriter out = Console.out(spec);
        out.println(time == null ? "paused until p2p-host resume" : "paused until " + until);
        out.println(
                HomeLock.isTaken(agentHome)
                        ? "The agent hands its maps back first; status shows when it is done."
                        : "No agent is running in this home; the next one will not join before that.");
        return ExitCode.OK.code();
    }

    static Duration duration(String text) {
        Matcher matcher = TIME.matcher(text);
        Duration duration = matcher.matches()
                ? Duration.ofDays(number(matcher.group(1)))
                        .plusHours(number(matcher.group(2)))
                        .plusMinutes(number(matcher.group(3)))
                : Duration.ZERO;
        if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new AgentFailure(
                    ExitCode.USAGE,
                    "--for: " + text + " (expected: days, hours and minutes such as 1d12h or 30m, up to 365d)");
        }
        return duration;
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
