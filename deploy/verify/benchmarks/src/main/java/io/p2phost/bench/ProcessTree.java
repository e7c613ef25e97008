package io.p2phost.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a set of processes and all their descendants use, read from {@code /proc} (Linux).
 *
 * @param cpuSeconds user and system time so far
 * @param memoryMegabytes proportional set size: shared pages are divided among their users
 */
record ProcessTree(double cpuSeconds, double memoryMegabytes, int processes) {
    /** CLK_TCK of Linux on every architecture the suite runs on. */
    private static final double TICKS_PER_SECOND = 100;

    static ProcessTree of(List<Long> roots) {
        List<Long> pids = roots.stream()
                .flatMap(pid -> Stream.concat(
                        Stream.of(pid),
                        ProcessHandle.of(pid).stream()
                                .flatMap(ProcessHandle::descendants)
                                .map(ProcessHandle::pid)))
                .distinct()
                .toList();
        double ticks = 0;
        double kilobytes = 0;
        int alive = 0;
        for (long pid : pids) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                // utime and stime are fields 14 and 15 of the whole line, 12 and 13 after the command's name.
                ticks += Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
                kilobytes += pss(pid);
                alive++;
            } catch (IOException e) {
                // It ended while we looked: it counts no more.
            }
        }
        return new ProcessTree(ticks / TICKS_PER_SECOND, kilobytes / 1_024, alive);
    }

    private static double pss(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            if (line.startsWith("Pss:")) {
                return Double.parseDouble(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }
}
