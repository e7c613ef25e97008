package io.p2phost.dbproxy.suite;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A broker of one test's own, as a process, so that it can be killed as a process is. What it took outlives it. */
final class KafkaProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final File OUTPUT = new File("target", "kafka-process.log");

    private final Path logging;
    private final Path settings;
    private final String address;
    private @Nullable Process process;

    /**
     * Prepares it.
     *
     * @param folder where it keeps what it takes
     */
    KafkaProcess(Path folder, Endpoints at) throws IOException, InterruptedException {
        address = at.broker();
        logging = Files.writeString(folder.resolve("kafka-logback.xml"), """
                <configuration>
                  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d %-5level %logger{0}: %msg%n</pattern></encoder>
                  </appender>
                  <root level="WARN"><appender-ref ref="OUT"/></root>
                </configuration>
                """);
        settings = Files.writeString(folder.resolve("kafka.properties"), """
                process.roles=broker,controller
                node.id=1
                log.dirs=%s
                listeners=BROKER://%s,CONTROLLER://%s
                advertised.listeners=BROKER://%s
                listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=BROKER
                controller.listener.names=CONTROLLER
                controller.quorum.voters=1@%s
                num.partitions=3
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                group.initial.rebalance.delay.ms=0
                log.cleaner.dedupe.buffer.size=4194304
                """.formatted(
                        folder.resolve("kafka"), at.broker(), at.controller(), at.broker(), at.controller()));
        Process format =
                run("kafka.tools.StorageTool", "format", "-t", Uuid.randomUuid().toString(), "-c", settings.toString());
        if (format.waitFor() != 0) {
            throw new IllegalStateException("format ended with " + format.exitValue() + ", see " + OUTPUT);
        }
    }

    /** Where it listens; the same after a restart. */
    record Endpoints(String broker, String controller) {}

    String bootstrapServers() {
        return address;
    }

    /** Starts it, also again; comes back when it answers. */
    void start() throws IOException {
        Process started = run("kafka.Kafka", settings.toString());
        process = started;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address, "reconnect.backoff.max.ms", 200))) {
            await("Kafka, see " + OUTPUT).atMost(START).until(() -> isAnswering(started, admin));
        }
    }

    private Process run(String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dlogback.configurationFile=" + logging,
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(OUTPUT))
                .start();
    }

    private static boolean isAnswering(Process started, Admin admin) throws InterruptedException {
        if (!started.isAlive()) {
            throw new IllegalStateException("Kafka ended with " + started.exitValue() + ", see " + OUTPUT);
        }
        try {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException e) {
            return false;
        }
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** As by kill -9. */
    void kill() throws InterruptedException {
        Process running = process;
        if (running != null && !running.destroyForcibly().waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Kafka does not end");
        }
    }

    /** Gives it records of one topic, by their keys; comes back when it has them. */
    void put(String topic, Map<String, String> records) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer())) {
            records.forEach((key, value) -> producer.send(new ProducerRecord<>(topic, key, value)));
        }
    }

    /** All that it has under a key, oldest first. */
    List<String> records(String topic, String key) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", address), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> all = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            List<String> found = new ArrayList<>();
            while (all.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofSeconds(1))) {
                    if (key.equals(each.key())) {
                        found.add(each.value());
                    }
                }
            }
            return found;
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
