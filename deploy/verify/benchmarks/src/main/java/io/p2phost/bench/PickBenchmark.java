package io.p2phost.bench;

import io.p2phost.contracts.HostId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One player after another needs a host while every host's heartbeat comes in every five seconds. Run by JMH. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PickBenchmark {
    /** Where this process writes {@code CPU share, heartbeats per second, pinned}. */
    static final String NOTES = "p2p.bench.notes";

    static final String OURS = "ours";
    static final String RIVAL = "rival";
    static final int HEARTBEAT_SECONDS = 5;

    private static final long TICK_NANOS = 1_000_000;
    private static final long SEED = 20_261_121;

    @Param({OURS, RIVAL})
    public String contender = OURS;

    @Param({"10", "1000", "10000"})
    public int hosts;

    private final AtomicLong heartbeats = new AtomicLong();
    private @Nullable Picker picker;
    private @Nullable Thread stream;
    private boolean pinned;
    private volatile boolean stopping;
    private long began;
    private long cpuBefore;
    private long beatsBefore;
    private double seconds;
    private double cpuSeconds;
    private long beats;
    private int players;

    @Setup(Level.Trial)
    public void populate() throws IOException, InterruptedException {
        pinned = pin();
        Picker chosen = contender.equals(OURS) ? new IndexPicker() : new ScanPicker();
        Population population = new Population(hosts, SEED);
        for (int i = 0; i < hosts; i++) {
            population.heartbeat(i, chosen);
        }
        picker = chosen;
        stream = Thread.ofPlatform().name("heartbeats").start(() -> beat(population, chosen));
    }

    /** Keeps the rate whatever a single heartbeat costs: what is late is made up for. */
    private void beat(Population population, Picker chosen) {
        long start = System.nanoTime();
        long sent = 0;
        while (!stopping) {
            double due = (System.nanoTime() - start) / 1e9 * population.size() / HEARTBEAT_SECONDS;
            while (sent < due && !stopping) {
                population.heartbeat((int) (sent % population.size()), chosen);
                sent++;
                heartbeats.incrementAndGet();
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    @Setup(Level.Iteration)
    public void begin() {
        began = System.nanoTime();
        cpuBefore = processCpuNanos();
        beatsBefore = heartbeats.get();
    }

    @TearDown(Level.Iteration)
    public void end() {
        seconds += (System.nanoTime() - began) / 1e9;
        cpuSeconds += (processCpuNanos() - cpuBefore) / 1e9;
        beats += heartbeats.get() - beatsBefore;
    }

    @TearDown(Level.Trial)
    public void stop() throws InterruptedException, IOException {
        stopping = true;
        if (stream != null) {
            stream.join();
        }
        String notes = System.getProperty(NOTES);
        if (notes != null) {
            Files.writeString(
                    Path.of(notes),
                    String.format(Locale.ROOT, "%f %f %b", cpuSeconds / seconds, beats / seconds, pinned));
        }
    }

    /** One pick, as an entry does it. */
    @Benchmark
    public @Nullable HostId pick() {
        int player = players++;
        return picker == null ? null : picker.pick(1 + Math.floorMod(player, 3), Population.region(player / 3));
    }

    private static long processCpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Puts every thread of this process on the machine's last core; false where the system has no taskset. */
    private static boolean pin() throws InterruptedException {
        int last = Runtime.getRuntime().availableProcessors() - 1;
        try {
            return new ProcessBuilder(
                                    "taskset",
                                    "-a",
                                    "-p",
                                    "-c",
                                    Integer.toString(last),
                                    Long.toString(ProcessHandle.current().pid()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
