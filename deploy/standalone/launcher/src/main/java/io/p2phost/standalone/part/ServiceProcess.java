package io.p2phost.standalone.part;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.home.Faults;
import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.suite.PortPlan;
import io.p2phost.standalone.suite.Probe;
import io.p2phost.standalone.suite.Probe.Answer;
import io.p2phost.standalone.suite.ServiceSpec;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A service as a JVM of its own, from the same jars and with the same arguments as in the small form. */
public final class ServiceProcess implements Part {
    private static final Duration START_DEADLINE = Duration.ofMinutes(3);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Dist dist;
    private final Home home;
    private final PortPlan ports;
    private final ServiceSpec spec;
    private final ChildProcess process;

    public ServiceProcess(Dist dist, Home home, PortPlan ports, ServiceSpec spec) {
        this.dist = dist;
        this.home = home;
        this.ports = ports;
        this.spec = spec;
        this.process = new ChildProcess(spec.name(), home);
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public void start() throws PartFailure, InterruptedException {
        try {
            process.start(command(), dist.root());
        } catch (IOException e) {
            throw new PartFailure(name() + " did not start: " + Faults.rootMessage(e), e);
        }
        int port = ports.management(spec.service());
        long deadline = System.nanoTime() + START_DEADLINE.toNanos();
        while (Probe.liveness(port, PROBE_DEADLINE) == Answer.CLOSED) {
            Optional<String> death = process.death();
            if (death.isPresent()) {
                throw new PartFailure(
                        name() + " did not start: " + reason(death.get()) + " (log: " + home.log(name()) + ")");
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new PartFailure(name() + " did not answer on port " + port + " in " + START_DEADLINE.toSeconds()
                        + " s (log: " + home.log(name()) + ")");
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    /** Only the end of its process: one that was stopped with SIGSTOP is late, not dead. */
    @Override
    public Optional<String> death() {
        return process.death();
    }

    @Override
    public boolean ready() {
        return process.isAlive() && Probe.readiness(ports.management(spec.service()), PROBE_DEADLINE) == Answer.YES;
    }

    @Override
    public void stop() {
        process.stop(STOP_PATIENCE);
    }

    @Override
    public long pid() {
        return process.pid();
    }

    private List<String> command() throws IOException {
        ServiceName service = spec.service();
        List<String> command = new ArrayList<>();
        command.add(JavaCommand.java());
        command.add("@" + dist.jvmOptions("service"));
        Path own = dist.jvmOptions(service.id());
        if (Files.exists(own)) {
            command.add("@" + own);
        }
        command.add("-cp");
        command.add(Stream.concat(Stream.of(dist.serviceJar(service)), dist.serviceLibraries(service).stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)));
        command.add(spec.applicationClass());
        command.addAll(ServiceArguments.of(spec, ports, home, dist));
        return command;
    }

    private String reason(String death) {
        List<String> lines = process.lastLines();
        if (lines.stream().anyMatch(Faults::diskFull)) {
            return "the disk that holds " + home.root() + " is full";
        }
        return lines.reversed().stream()
                .filter(line -> line.startsWith("Caused by: "))
                .findFirst()
                .map(line -> line.replaceFirst("^Caused by: [\\w.$]+: ", ""))
                .orElse(death);
    }
}
