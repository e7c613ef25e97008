package io.p2phost.standalone.part;

import io.p2phost.contracts.event.Topics;
import io.p2phost.standalone.home.Faults;
import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.suite.PortPlan;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka broker in this JVM. Its loader hangs under the JDK's own, so that its libraries and those of the services
 * never meet; a new loader for each start also gives it fresh statics.
 */
public final class InProcessBroker implements Part {
    public static final String NAME = "kafka";
    static final String BROKER_CLASS = "io.p2phost.standalone.broker.EmbeddedBroker";

    private static final Logger log = LoggerFactory.getLogger(InProcessBroker.class);

    private final Dist dist;
    private final Home home;
    private final PortPlan ports;
    private volatile @Nullable String death = "not started";
    private @Nullable AutoCloseable broker;
    private @Nullable URLClassLoader loader;

    public InProcessBroker(Dist dist, Home home, PortPlan ports) {
        this.dist = dist;
        this.home = home;
        this.ports = ports;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() throws PartFailure {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            URLClassLoader fresh = newLoader();
            loader = fresh;
            thread.setContextClassLoader(fresh);
            death = null;
            Consumer<String> died = sentence -> death = sentence;
            broker = (AutoCloseable) fresh.loadClass(BROKER_CLASS)
                    .getMethod("start", Map.class, Consumer.class)
                    .invoke(null, settings(home, ports), died);
        } catch (InvocationTargetException e) {
            String given = death;
            stop();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            log.error("the broker did not start", cause);
            throw failure(given == null ? Faults.rootMessage(cause) : given, cause, home);
        } catch (ReflectiveOperationException | IOException e) {
            stop();
            throw failure(Faults.rootMessage(e), e, home);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public Optional<String> death() {
        return Optional.ofNullable(death);
    }

    @Override
    public boolean ready() {
        return death == null;
    }

    @Override
    public void stop() {
        AutoCloseable running = broker;
        broker = null;
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            if (running != null) {
                thread.setContextClassLoader(loader);
                running.close();
            }
        } catch (Exception e) {
            log.warn("the broker did not stop cleanly", e);
        } finally {
            thread.setContextClassLoader(before);
            death = "stopped";
        }
    }

    @Override
    public long pid() {
        return 0;
    }

    static Map<String, String> settings(Home home, PortPlan ports) {
        return Map.of(
                "directory", home.kafka().toString(),
                "host", "127.0.0.1",
                "port", Integer.toString(ports.kafka()),
                "controller.port", Integer.toString(ports.kafkaController()),
                "topics",
                        String.join(
                                ",",
                                Topics.ALL.stream()
                                        .filter(t -> !Topics.COMPACTED.contains(t))
                                        .toList()),
                "topics.compacted", String.join(",", Topics.COMPACTED));
    }

    static PartFailure failure(String why, Throwable cause, Home home) {
        if (Faults.diskFull(cause) || Faults.diskFull(why)) {
            return new PartFailure("Kafka did not start: the disk that holds " + home.root() + " is full", cause);
        }
        return new PartFailure("Kafka did not start: " + why + " (log: " + home.log(NAME) + ")", cause);
    }

    private URLClassLoader newLoader() throws IOException {
        List<Path> jars = dist.kafkaJars();
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        return new URLClassLoader(NAME, urls, ClassLoader.getPlatformClassLoader());
    }
}
