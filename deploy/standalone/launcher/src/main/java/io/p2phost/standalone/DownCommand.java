package io.p2phost.standalone;

import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.home.HomeLock;
import io.p2phost.standalone.home.Leftovers;
import io.p2phost.standalone.home.PidFile;
import io.p2phost.standalone.home.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code down}: asks the launcher to stop everything, then looks for processes that a killed launcher left. */
final class DownCommand {
    /** The launcher's own patience for seven services, the broker and the database, and a little more. */
    private static final Duration LAUNCHER_PATIENCE = Duration.ofSeconds(150);

    private final Home home;

    DownCommand(Home home) {
        this.home = home;
    }

    int run() throws Refusal {
        if (!home.exists()) {
            System.out.println("The suite does not run (there is no " + home.root() + ").");
            return Main.DONE;
        }
        try {
            boolean running = HomeLock.isHeld(home);
            Optional<ProcessHandle> launcher = PidFile.living(home.pidFile("launcher"));
            if (running && launcher.isEmpty()) {
                throw new Refusal("A suite starts on " + home.root() + " at this moment: try again in a second.");
            }
            if (running) {
                System.out.println("Stopping (pid " + launcher.get().pid() + ") …");
                Signals.stop(launcher.get(), LAUNCHER_PATIENCE);
            }
            List<Leftovers.Leftover> left = Leftovers.stop(home);
            left.forEach(l -> System.out.println(
                    "Stopped " + l.name() + " (pid " + l.process().pid() + "), which an earlier run left behind."));
            Files.deleteIfExists(home.pidFile("launcher"));
            System.out.println(running || !left.isEmpty() ? "Stopped." : "The suite does not run.");
            return Main.DONE;
        } catch (IOException e) {
            throw new Refusal("Cannot read the pid files under " + home.run() + ": " + e.getMessage() + ".", e);
        }
    }
}
