package io.p2phost.standalone;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.console.StartDisplay;
import io.p2phost.standalone.home.DataFolders;
import io.p2phost.standalone.home.DiskSpace;
import io.p2phost.standalone.home.Faults;
import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.home.HomeLock;
import io.p2phost.standalone.home.Leftovers;
import io.p2phost.standalone.home.PidFile;
import io.p2phost.standalone.home.Secrets;
import io.p2phost.standalone.log.SuiteLogging;
import io.p2phost.standalone.part.BrokerProcess;
import io.p2phost.standalone.part.Dist;
import io.p2phost.standalone.part.InProcessBroker;
import io.p2phost.standalone.part.InProcessService;
import io.p2phost.standalone.part.Part;
import io.p2phost.standalone.part.PostgresqlPart;
import io.p2phost.standalone.part.ServiceProcess;
import io.p2phost.standalone.suite.Board;
import io.p2phost.standalone.suite.PortCheck;
import io.p2phost.standalone.suite.PortPlan;
import io.p2phost.standalone.suite.ServiceSpec;
import io.p2phost.standalone.suite.Suite;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code up}: checks first, then starts, then looks after the suite until it is asked to stop. */
final class UpCommand {
    private final Options options;
    private final Home home;
    private final PortPlan ports;
    private final Path cwd;
    private final List<ServiceSpec> services;

    UpCommand(Options options, Path cwd, List<ServiceSpec> services) {
        this.options = options;
        this.home = options.home();
        this.ports = options.ports();
        this.cwd = cwd;
        this.services = services;
    }

    int run() throws Refusal {
        InstantSource clock = InstantSource.system();
        Instant began = ProcessHandle.current().info().startInstant().orElseGet(clock::instant);
        Dist dist = new Dist(Path.of(System.getProperty("p2p.dist", ".")));
        dist.check();
        home.create();
        // Held until the process ends.
        HomeLock lock = HomeLock.tryTake(home).orElseThrow(this::alreadyRunning);
        try {
            return start(clock, began, dist);
        } finally {
            lock.close();
        }
    }

    private int start(InstantSource clock, Instant began, Dist dist) throws Refusal {
        stopLeftovers();
        if (options.fresh()) {
            home.wipe();
        }
        DiskSpace.check(home);
        DataFolders.check(home);
        PortCheck.check(ports);
        Secrets secrets = Secrets.ensure(home);
        try {
            PidFile.write(home.pidFile("launcher"), ProcessHandle.current());
        } catch (IOException e) {
            throw Faults.writing(home.run(), e);
        }
        List<String> loaders = new ArrayList<>(List.of(InProcessBroker.NAME));
        services.forEach(service -> loaders.add(service.name()));
        SuiteLogging.configure(home, options.processes() ? List.of() : loaders);

        StartDisplay display = new StartDisplay(System.out, Boolean.getBoolean("p2p.terminal"), clock);
        List<Part> infrastructure = List.of(
                new PostgresqlPart(dist, home, ports.postgresql(), secrets),
                options.processes() ? new BrokerProcess(dist, home, ports) : new InProcessBroker(dist, home, ports));
        List<Part> parts = services.stream()
                .<Part>map(spec -> options.processes()
                        ? new ServiceProcess(dist, home, ports, spec)
                        : new InProcessService(dist, home, ports, spec))
                .toList();
        List<String> names = new ArrayList<>();
        infrastructure.forEach(part -> names.add(part.name()));
        parts.forEach(part -> names.add(part.name()));
        Board board = new Board(
                clock,
                home.state(),
                options.processes() ? "processes" : "small",
                ports.offset(),
                began,
                names,
                display::changed);
        Suite suite = new Suite(infrastructure, parts, board, clock);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(suite, display), "stop suite"));
        display.begin(board.picture().parts());
        try {
            suite.start();
            display.end();
            sayReady(Duration.between(began, clock.instant()));
            suite.watch();
            return Main.DONE;
        } catch (Refusal e) {
            display.end();
            suite.stop();
            throw e;
        } catch (InterruptedException e) {
            suite.stop();
            return Main.FAILED;
        }
    }

    private void end(Suite suite, StartDisplay display) {
        display.end();
        suite.stop();
        try {
            Files.deleteIfExists(home.pidFile("launcher"));
        } catch (IOException e) {
            // A stale pid file is harmless: its start time fits no living process.
        }
    }

    private void sayReady(Duration took) {
        System.out.printf(Locale.ROOT, "Ready in %.1f s%n", took.toMillis() / 1000.0);
        System.out.println("Gateway    http://127.0.0.1:" + ports.http(ServiceName.GATEWAY));
        System.out.println("Admin key  " + shown(home.adminKey()));
        System.out.println(options.detach() ? "Stop with ./p2p down" : "Stop with Ctrl-C or ./p2p down");
        System.out.flush();
        if (options.detach()) {
            // Whoever waits for us reads to the end of our output; the JDK puts /dev/null in its place.
            close(FileDescriptor.out);
            close(FileDescriptor.err);
        }
    }

    private void stopLeftovers() throws Refusal {
        try {
            for (Leftovers.Leftover left : Leftovers.stop(home)) {
                System.out.println("Stopped " + left.name() + " (pid "
                        + left.process().pid() + "), which an earlier run left behind.");
            }
        } catch (IOException e) {
            throw new Refusal("Cannot read the pid files under " + home.run() + ": " + e.getMessage() + ".", e);
        }
    }

    private Refusal alreadyRunning() {
        String who = "";
        try {
            Optional<ProcessHandle> launcher = PidFile.living(home.pidFile("launcher"));
            who = launcher.map(process -> ", pid " + process.pid()).orElse("");
        } catch (IOException e) {
            // The sentence is true without the number.
        }
        return new Refusal("The suite already runs (home " + shown(home.root()) + who
                + "): ./p2p status shows it, ./p2p down stops it.");
    }

    private Path shown(Path path) {
        return path.startsWith(cwd) ? cwd.relativize(path) : path;
    }

    private static void close(FileDescriptor descriptor) {
        try (FileOutputStream stream = new FileOutputStream(descriptor)) {
            stream.flush();
        } catch (IOException e) {
            // Nobody reads it any more, which is what was wanted.
        }
    }
}
