package io.p2phost.standalone;

import io.p2phost.standalone.console.StatusReport;
import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.home.HomeLock;
import io.p2phost.standalone.home.Leftovers;
import io.p2phost.standalone.suite.SuiteStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code status}: 0 when all is ready, 1 when something is not, 3 when the suite does not run. */
final class StatusCommand {
    private final Home home;
    private final boolean json;

    StatusCommand(Options options) {
        this.home = options.home();
        this.json = options.json();
    }

    int run() throws Refusal {
        try {
            Optional<SuiteStatus> suite =
                    home.exists() && HomeLock.isHeld(home) ? SuiteStatus.read(home.state()) : Optional.empty();
            if (suite.isEmpty()) {
                return sayStopped();
            }
            StatusReport report = StatusReport.of(home, suite.get());
            System.out.println(json ? report.json() : report.text(Instant.now()));
            return report.allReady() ? Main.DONE : Main.FAILED;
        } catch (IOException e) {
            throw new Refusal("Cannot read the state under " + home.run() + ": " + e.getMessage() + ".", e);
        }
    }

    private int sayStopped() throws IOException {
        List<String> left = home.exists()
                ? Leftovers.find(home).stream().map(Leftovers.Leftover::name).toList()
                : List.of();
        if (json) {
            System.out.println(StatusReport.stoppedJson(home, left));
        } else if (left.isEmpty()) {
            System.out.println("The suite does not run (home " + home.root() + ").");
        } else {
            System.out.println("The suite does not run (home " + home.root() + "), but an earlier run left "
                    + String.join(", ", left) + " behind: ./p2p down stops that, ./p2p up too.");
        }
        return Main.NOT_RUNNING;
    }
}
