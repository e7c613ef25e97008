package io.p2phost.standalone.broker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One KRaft broker that is its own controller. Its settings and its life go through JDK types only, because a launcher
 * loads it in a class loader of its own. It gives up through a callback, never by ending the JVM.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final int NODE_ID = 1;
    private static final int PARTITIONS = 3;
    private static final long TOPICS_TIMEOUT_SECONDS = 60;

    private final KafkaRaftServer server;
    private final AtomicBoolean closing;

    private EmbeddedBroker(KafkaRaftServer server, AtomicBoolean closing) {
        this.server = server;
        this.closing = closing;
    }

    /**
     * Starts the broker and returns when it takes records and all topics exist.
     *
     * @param settings {@code directory}, {@code host}, {@code port}, {@code controller.port}, and comma separated names
     *     in {@code topics} and {@code topics.compacted}
     * @param died told at most once, with a sentence, when the broker gave up without being asked
     * @throws IOException when the folder cannot be written
     */
    public static AutoCloseable start(Map<String, String> settings, Consumer<String> died) throws Exception {
        Path directory = Path.of(setting(settings, "directory"));
        String host = setting(settings, "host");
        int port = Integer.parseInt(setting(settings, "port"));
        int controllerPort = Integer.parseInt(setting(settings, "controller.port"));

        AtomicBoolean closing = new AtomicBoolean();
        AtomicBoolean told = new AtomicBoolean();
        // Kafka ends the whole JVM when it cannot go on (a broken disk, a lost lock); here only the broker may end.
        Exit.Procedure ended = (status, message) -> {
            if (!closing.get() && told.compareAndSet(false, true)) {
                died.accept(message == null ? "the broker gave up (status " + status + ")" : message);
            }
            throw new IllegalStateException("broker ended: " + message);
        };
        Exit.setExitProcedure(ended);
        Exit.setHaltProcedure(ended);

        formatOnce(directory);
        KafkaConfig config = new KafkaConfig(properties(directory, host, port, controllerPort), false);
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        EmbeddedBroker broker = new EmbeddedBroker(server, closing);
        try {
            server.startup();
            createTopics(
                    host + ":" + port,
                    names(settings.getOrDefault("topics", "")),
                    names(settings.getOrDefault("topics.compacted", "")));
        } catch (Exception | Error e) {
            broker.close();
            throw e;
        }
        return broker;
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static void formatOnce(Path directory) throws Exception {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        // Formatted beside its place and moved, so that an interrupted first start leaves nothing that looks whole.
        Path fresh = directory.resolveSibling(directory.getFileName() + ".new");
        delete(fresh);
        Files.createDirectories(fresh);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        new Formatter()
                .setPrintStream(new PrintStream(said, true, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NODE_ID)
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(fresh.toString())
                .addDirectory(fresh.toString())
                .run();
        Files.deleteIfExists(directory);
        Files.move(fresh, directory);
    }

    private static Properties properties(Path directory, String host, int port, int controllerPort) {
        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", Integer.toString(NODE_ID));
        p.setProperty("log.dirs", directory.toString());
        p.setProperty("listeners", "BROKER://" + host + ":" + port + ",CONTROLLER://" + host + ":" + controllerPort);
        p.setProperty("advertised.listeners", "BROKER://" + host + ":" + port);
        p.setProperty("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.setProperty("inter.broker.listener.name", "BROKER");
        p.setProperty("controller.listener.names", "CONTROLLER");
        p.setProperty("controller.quorum.voters", NODE_ID + "@" + host + ":" + controllerPort);

        p.setProperty("num.partitions", Integer.toString(PARTITIONS));
        p.setProperty("auto.create.topics.enable", "true");
        p.setProperty("default.replication.factor", "1");
        p.setProperty("offsets.topic.replication.factor", "1");
        p.setProperty("offsets.topic.num.partitions", "3");
        p.setProperty("transaction.state.log.replication.factor", "1");
        p.setProperty("transaction.state.log.min.isr", "1");
        p.setProperty("transaction.state.log.num.partitions", "1");
        p.setProperty("share.coordinator.state.topic.replication.factor", "1");
        p.setProperty("share.coordinator.state.topic.min.isr", "1");
        p.setProperty("group.initial.rebalance.delay.ms", "0");

        // One small machine: few threads, small buffers, nothing written while nothing happens.
        p.setProperty("num.network.threads", "1");
        p.setProperty("num.io.threads", "2");
        p.setProperty("num.replica.fetchers", "1");
        p.setProperty("num.recovery.threads.per.data.dir", "1");
        p.setProperty("background.threads", "1");
        p.setProperty("group.coordinator.threads", "1");
        p.setProperty("share.coordinator.threads", "1");
        p.setProperty("log.cleaner.threads", "1");
        p.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        p.setProperty("log.cleaner.io.buffer.size", Integer.toString(256 << 10));
        p.setProperty("log.index.size.max.bytes", Integer.toString(1 << 20));
        p.setProperty("log.segment.bytes", Integer.toString(64 << 20));
        p.setProperty("offsets.topic.segment.bytes", Integer.toString(8 << 20));
        p.setProperty("transaction.state.log.segment.bytes", Integer.toString(8 << 20));
        p.setProperty("log.retention.bytes", Integer.toString(512 << 20));
        p.setProperty("metadata.max.idle.interval.ms", "0");
        p.setProperty("metric.reporters", "");
        p.setProperty("queued.max.requests", "100");
        return p;
    }

    private static void createTopics(String bootstrap, List<String> plain, List<String> compacted) throws Exception {
        Map<String, Object> client = new HashMap<>();
        client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        client.put(AdminClientConfig.CLIENT_ID_CONFIG, "launcher");
        client.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        client.put(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        try (Admin admin = Admin.create(client)) {
            Set<String> present = admin.listTopics().names().get(TOPICS_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            List<NewTopic> missing = new ArrayList<>();
            for (String name : plain) {
                if (!present.contains(name)) {
                    missing.add(new NewTopic(name, PARTITIONS, (short) 1));
                }
            }
            for (String name : compacted) {
                if (!present.contains(name)) {
                    missing.add(new NewTopic(name, PARTITIONS, (short) 1).configs(Map.of("cleanup.policy", "compact")));
                }
            }
            if (!missing.isEmpty()) {
                create(admin, missing);
            }
        }
    }

    private static void create(Admin admin, List<NewTopic> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            admin.createTopics(topics).all().get(TOPICS_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static List<String> names(String list) {
        return Stream.of(list.split(",")).filter(n -> !n.isBlank()).toList();
    }

    private static String setting(Map<String, String> settings, String key) {
        String value = settings.get(key);
        if (value == null) {
            throw new IllegalArgumentException(key + ": missing (expected: a broker setting)");
        }
        return value;
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
