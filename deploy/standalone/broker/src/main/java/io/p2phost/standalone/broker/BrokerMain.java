package io.p2phost.standalone.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The broker as a process of its own. Arguments are {@code key=value} settings of {@link EmbeddedBroker#start}, and
 * {@code ready.file}, which is written once the broker takes records.
 */
public final class BrokerMain {
    // Held, because JUL forgets the level of a logger that nobody holds.
    private static final Logger CONFIG_LOG = Logger.getLogger("org.apache.kafka.common.config");

    private BrokerMain() {}

    /** Runs until the process is asked to end (status 0) or the broker gives up (status 1). */
    public static void main(String[] args) throws Exception {
        Map<String, String> settings = new HashMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(arg + " (expected: key=value)");
            }
            settings.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        CONFIG_LOG.setLevel(Level.WARNING);
        CountDownLatch died = new CountDownLatch(1);
        AutoCloseable broker = EmbeddedBroker.start(settings, sentence -> {
            System.err.println(sentence);
            died.countDown();
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(broker), "stop"));
        String readyFile = settings.get("ready.file");
        if (readyFile != null) {
            Files.writeString(Path.of(readyFile), "ready\n");
        }
        died.await();
        Runtime.getRuntime().halt(1);
    }

    private static void close(AutoCloseable broker) {
        try {
            broker.close();
        } catch (Exception e) {
            System.err.println("the broker did not stop cleanly: " + e);
        }
    }
}
