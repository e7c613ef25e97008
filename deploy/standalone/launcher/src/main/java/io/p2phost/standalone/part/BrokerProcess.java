package io.p2phost.standalone.part;

import io.p2phost.standalone.home.Faults;
import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.suite.PortPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Kafka broker as a JVM of its own. */
public final class BrokerProcess implements Part {
    private static final Duration START_DEADLINE = Duration.ofMinutes(3);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Dist dist;
    private final Home home;
    private final PortPlan ports;
    private final ChildProcess process;

    public BrokerProcess(Dist dist, Home home, PortPlan ports) {
        this.dist = dist;
        this.home = home;
        this.ports = ports;
        this.process = new ChildProcess(InProcessBroker.NAME, home);
    }

    @Override
    public String name() {
        return InProcessBroker.NAME;
    }

    @Override
    public void start() throws PartFailure, InterruptedException {
        try {
            Path readyFile = home.run().resolve("kafka.ready");
            Files.deleteIfExists(readyFile);
            List<String> command = new ArrayList<>();
            command.add(JavaCommand.java());
            command.add("@" + dist.jvmOptions("broker"));
            command.add("-cp");
            command.add(dist.root().resolve("kafka") + "/*");
            command.add("io.p2phost.standalone.broker.BrokerMain");
            InProcessBroker.settings(home, ports).forEach((key, value) -> command.add(key + "=" + value));
            command.add("ready.file=" + readyFile);
            process.start(command, dist.root());
            long deadline = System.nanoTime() + START_DEADLINE.toNanos();
            while (!Files.exists(readyFile)) {
                if (!process.isAlive()) {
                    String why = process.lastLines().stream().anyMatch(Faults::diskFull)
                            ? "no space left on device"
                            : process.death().orElse("it ended");
                    throw InProcessBroker.failure(why, new IOException(why), home);
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw new PartFailure("Kafka was not ready in " + START_DEADLINE.toSeconds() + " s (log: "
                            + home.log(name()) + ")");
                }
                Thread.sleep(LOOK_EVERY);
            }
        } catch (IOException e) {
            throw InProcessBroker.failure(Faults.rootMessage(e), e, home);
        }
    }

    @Override
    public Optional<String> death() {
        return process.death();
    }

    @Override
    public boolean ready() {
        return process.isAlive();
    }

    @Override
    public void stop() {
        process.stop(STOP_PATIENCE);
    }

    @Override
    public long pid() {
        return process.pid();
    }
}
