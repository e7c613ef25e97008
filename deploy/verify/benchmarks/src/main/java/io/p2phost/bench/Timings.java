package io.p2phost.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** What was timed in one window. Thread-safe. */
final class Timings {
    private long[] nanos = new long[16_384];
    private int count;

    /** Percentiles of what was timed. */
    record Latency(int count, double p50Micros, double p99Micros, double maxMicros) {}

    synchronized void add(long taken) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = taken;
        notifyAll();
    }

    /** Waits until that many are timed. */
    synchronized Latency await(long expected, long patienceNanos) throws IOException, InterruptedException {
        long end = System.nanoTime() + patienceNanos;
        while (count < expected) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new IOException("answers: " + count + " (expected: " + expected + ")");
            }
            wait(left);
        }
        return latency();
    }

    /** Of what is timed so far; zeros when nothing is. */
    synchronized Latency latency() {
        if (count == 0) {
            return new Latency(0, 0, 0, 0);
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return new Latency(count, micros(sorted, 0.5), micros(sorted, 0.99), micros(sorted, 1));
    }

    private static double micros(long[] sorted, double share) {
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.max(index, 0)] / 1_000.0;
    }
}
