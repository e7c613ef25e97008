package io.p2phost.standalone.part;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.home.Faults;
import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.suite.PortPlan;
import io.p2phost.standalone.suite.Probe;
import io.p2phost.standalone.suite.Probe.Answer;
import io.p2phost.standalone.suite.ServiceSpec;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service in this JVM, in a class loader of its own. */
public final class InProcessService implements Part {
    private static final Logger log = LoggerFactory.getLogger(InProcessService.class);
    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    /** The watcher asks every second; a closed port is looked for less often, because looking costs. */
    private static final int ASKS_PER_PROBE = 5;
    /** One missed probe may be an accident of the moment. */
    private static final int CLOSED_IS_DEAD = 2;

    private final Dist dist;
    private final Home home;
    private final PortPlan ports;
    private final ServiceSpec spec;
    private volatile @Nullable AutoCloseable context;
    private volatile @Nullable ServiceClassLoader loader;
    private int asks;
    private int closed;

    public InProcessService(Dist dist, Home home, PortPlan ports, ServiceSpec spec) {
        this.dist = dist;
        this.home = home;
        this.ports = ports;
        this.spec = spec;
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public void start() throws PartFailure {
        ServiceName service = spec.service();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        asks = 0;
        closed = 0;
        try {
            ServiceClassLoader fresh = new ServiceClassLoader(
                    service.id(),
                    dist.serviceJar(service),
                    dist.serviceLibraries(service),
                    InProcessService.class.getClassLoader());
            loader = fresh;
            thread.setContextClassLoader(fresh);
            List<String> args = new ArrayList<>(ServiceArguments.of(spec, ports, home, dist));
            args.add("--p2p.embedded=true");
            context = (AutoCloseable) fresh.loadClass(spec.applicationClass())
                    .getMethod("start", String[].class)
                    .invoke(null, (Object) args.toArray(String[]::new));
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            log.error("{} did not start", name(), cause);
            throw failure(cause);
        } catch (ReflectiveOperationException | IOException | LinkageError e) {
            throw failure(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Dead is a service whose context closed itself (nobody listens any more) or that calls itself broken. */
    @Override
    public Optional<String> death() {
        if (context == null) {
            return Optional.of("not started");
        }
        if (++asks % ASKS_PER_PROBE != 0) {
            return Optional.empty();
        }
        Answer answer = Probe.liveness(ports.management(spec.service()), PROBE_DEADLINE);
        closed = answer == Answer.CLOSED || answer == Answer.NO ? closed + 1 : 0;
        if (closed < CLOSED_IS_DEAD) {
            return Optional.empty();
        }
        return Optional.of(answer == Answer.CLOSED ? "its context closed" : "it reports itself broken");
    }

    @Override
    public boolean ready() {
        return Probe.readiness(ports.management(spec.service()), PROBE_DEADLINE) == Answer.YES;
    }

    @Override
    public void stop() {
        AutoCloseable running = context;
        ServiceClassLoader classes = loader;
        context = null;
        if (running == null) {
            return;
        }
        Thread closer = new Thread(() -> close(running), "stop " + name());
        closer.setContextClassLoader(classes);
        closer.setDaemon(true);
        closer.start();
        try {
            if (!closer.join(STOP_PATIENCE)) {
                log.warn("{} did not stop in {} s and is left behind", name(), STOP_PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public long pid() {
        return 0;
    }

    private void close(AutoCloseable running) {
        try {
            running.close();
        } catch (Exception e) {
            log.warn("{} did not stop cleanly", name(), e);
        }
    }

    private PartFailure failure(Throwable cause) {
        return new PartFailure(
                name() + " did not start: " + Faults.rootMessage(cause) + " (log: " + home.log(name()) + ")", cause);
    }
}
