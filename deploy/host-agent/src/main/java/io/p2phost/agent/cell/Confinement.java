package io.p2phost.agent.cell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * How cells are kept from harming their machine, chosen once by trying: what a system promises and what it does differ.
 *
 * @param ownSession a Ctrl-C that is meant for the agent does not reach cells ({@code setsid}): they end when it ends them
 * @param diesWithAgent Linux ends a cell with the agent ({@code setpriv --pdeathsig})
 * @param scope cgroup limits hold ({@code systemd-run --user --scope})
 * @param cpuPercent of one core, for each cell in a scope
 * @param limits limits per process are set ({@code prlimit}) and other programs go first ({@code nice})
 * @param sandbox cells see the bundle and their own folder and no other files ({@code bwrap})
 */
public record Confinement(
        boolean ownSession, boolean diesWithAgent, boolean scope, int cpuPercent, boolean limits, boolean sandbox) {
    private static final long MEMORY_BYTES = 512L * 1024 * 1024;
    private static final int WHOLE_CORE = 100;

    /** What the agent is for systemd where it is installed as a service. */
    static final String SERVICE = "p2p-host.service";

    /** Replaces itself too: it forks only where it leads a group, which nobody does whom the agent starts. */
    private static final List<String> OWN_SESSION = List.of("setsid");

    /** Runs a command to see whether it works. */
    @FunctionalInterface
    public interface Trial {
        /** What it printed, if it ended well in time. */
        Optional<String> run(List<String> command);
    }

    /**
     * Finds out what works here.
     *
     * @param cpuLimit the player's {@code cpu_limit}, in percent of the whole machine
     * @param folder any that exists
     */
    public static Confinement detect(Trial trial, OptionalInt cpuLimit, int cores, Path folder) {
        int cpuPercent = Math.clamp((long) cpuLimit.orElse(WHOLE_CORE) * cores, 1, WHOLE_CORE);
        Confinement all = new Confinement(true, true, true, cpuPercent, true, true);
        Confinement found = new Confinement(
                works(trial, OWN_SESSION),
                works(trial, all.deathSignal()),
                // Without a delegated controller the scope is made, and limits nothing.
                trial.run(with(
                                all.scopeWords(),
                                "sh",
                                "-c",
                                "cat /sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)/memory.max"))
                        .filter(limit -> limit.strip().equals(Long.toString(MEMORY_BYTES)))
                        .isPresent(),
                cpuPercent,
                works(trial, all.limitWords()),
                works(trial, all.sandboxWords(folder, folder)));
        return works(trial, found.wrap(folder, folder, List.of()))
                ? found
                : new Confinement(false, false, false, cpuPercent, false, false);
    }

    private static boolean works(Trial trial, List<String> prefix) {
        return trial.run(with(prefix, "true")).isPresent();
    }

    private static List<String> with(List<String> prefix, String... words) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(words));
        return command;
    }

    /** The command as it is really started. All these words replace themselves by the next: it stays one process. */
    List<String> wrap(Path bundle, Path folder, List<String> command) {
        List<String> words = new ArrayList<>();
        if (ownSession) {
            words.addAll(OWN_SESSION);
        }
        if (diesWithAgent) {
            words.addAll(deathSignal());
        }
        if (scope) {
            words.addAll(scopeWords());
        }
        if (limits) {
            words.addAll(limitWords());
        }
        if (sandbox) {
            words.addAll(sandboxWords(bundle, folder));
        }
        // Nothing of the player's environment reaches a cell.
        words.addAll(List.of("env", "-i", "PATH=/usr/bin:/bin", "HOME=" + folder, "LC_ALL=C"));
        words.add("LD_LIBRARY_PATH=" + bundle.resolve("lib"));
        words.addAll(command);
        return words;
    }

    private List<String> deathSignal() {
        return List.of("setpriv", "--pdeathsig", "KILL", "--");
    }

    private List<String> scopeWords() {
        return List.of(
                "systemd-run",
                "--user",
                "--scope",
                "--quiet",
                "--collect",
                // When its owner logs out, systemd ends all that is his at once; this after the agent, which first
                // has its maps handed back.
                "-p",
                "Before=" + SERVICE,
                "-p",
                "MemoryMax=" + MEMORY_BYTES,
                "-p",
                "CPUQuota=" + cpuPercent + "%",
                "-p",
                "CPUWeight=20",
                "-p",
                "TasksMax=64",
                "--");
    }

    /** The address space, not the memory: a map-server maps about 70 MB of it. */
    private List<String> limitWords() {
        return List.of(
                "prlimit",
                "--core=0",
                "--nofile=4096",
                "--fsize=268435456",
                "--as=" + 2 * MEMORY_BYTES,
                "--",
                "nice",
                "-n",
                "10");
    }

    private List<String> sandboxWords(Path bundle, Path folder) {
        List<String> words = new ArrayList<>(List.of(
                "bwrap",
                "--die-with-parent",
                "--new-session",
                "--unshare-user",
                "--unshare-ipc",
                "--unshare-pid",
                "--unshare-uts",
                "--cap-drop",
                "ALL",
                "--proc",
                "/proc",
                "--dev",
                "/dev",
                "--tmpfs",
                "/tmp"));
        for (String system : List.of("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime")) {
            words.addAll(List.of("--ro-bind-try", system, system));
        }
        words.addAll(List.of("--ro-bind", bundle.toString(), bundle.toString()));
        words.addAll(List.of("--bind", folder.toString(), folder.toString()));
        words.addAll(List.of("--chdir", folder.toString(), "--"));
        return words;
    }

    /** For the owner of the machine, each with what it means. */
    public List<String> describe() {
        return List.of(
                sandbox
                        ? "sandbox: map-servers see the bundle and their own folder, no other file of yours (bubblewrap)"
                        : "sandbox: NONE, map-servers can read and write whatever you can (bubblewrap is missing, or the"
                                + " system does not let it work)",
                scope
                        ? "limits: " + MEMORY_BYTES / (1024 * 1024) + " MB and " + cpuPercent
                                + " % of a core per map-server (cgroup)"
                        : limits
                                ? "limits: other programs go first, " + 2 * MEMORY_BYTES / (1024 * 1024)
                                        + " MB of addresses per map-server; processor time is not limited (no systemd"
                                        + " user scope)"
                                : "limits: NONE (neither a systemd user scope nor prlimit works)",
                diesWithAgent
                        ? "end: map-servers end with the agent, however it ends"
                        : "end: should the agent be killed, its next start ends the map-servers that are left");
    }

    /** Runs the command for real, for two seconds at most. */
    public static Trial forReal() {
        return command -> {
            Process process = null;
            try {
                process = new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(2, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    return Optional.empty();
                }
                return Optional.of(new String(process.getInputStream().readNBytes(256), StandardCharsets.UTF_8));
            } catch (IOException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            } finally {
                if (process != null) {
                    process.destroyForcibly();
                }
            }
        };
    }
}
