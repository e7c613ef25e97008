package io.p2phost.standalone.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Ends processes: politely first, by force after a while. */
public final class Signals {
    private static final Duration FAST_SHUTDOWN = Duration.ofSeconds(30);
    private static final Duration IMMEDIATE_SHUTDOWN = Duration.ofSeconds(10);
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private Signals() {}

    /** SIGTERM, and SIGKILL when the process still lives after {@code patience}. */
    public static void stop(ProcessHandle process, Duration patience) {
        process.destroy();
        if (!ended(process, patience)) {
            process.destroyForcibly();
            ended(process, AFTER_KILL);
        }
    }

    /**
     * PostgreSQL's fast shutdown (SIGINT: clients are cut, a checkpoint is written), then the immediate one (SIGQUIT:
     * recovery at the next start), then SIGKILL. SIGTERM would wait for every client.
     */
    public static void stopPostgresql(ProcessHandle postmaster) {
        send("INT", postmaster);
        if (ended(postmaster, FAST_SHUTDOWN)) {
            return;
        }
        send("QUIT", postmaster);
        if (ended(postmaster, IMMEDIATE_SHUTDOWN)) {
            return;
        }
        postmaster.destroyForcibly();
        ended(postmaster, AFTER_KILL);
    }

    private static void send(String signal, ProcessHandle process) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            // The caller's next, harder step does not need a shell.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the process still runs; one that ended and was not collected by its parent does not. */
    public static boolean runs(ProcessHandle process) {
        return process.isAlive() && !isZombie(process.pid());
    }

    private static boolean ended(ProcessHandle process, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        // ProcessHandle.onExit looks at foreign processes only every few seconds.
        while (runs(process)) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return !runs(process);
            }
        }
        return true;
    }

    private static boolean isZombie(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            String line = Files.readString(stat);
            // pid (name) state …; the name may hold spaces and brackets.
            int state = line.lastIndexOf(')') + 2;
            return state < line.length() && line.charAt(state) == 'Z';
        } catch (IOException e) {
            return false;
        }
    }
}
