package io.p2phost.agent.cell;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;

/**
 * Starts real processes. All come from one thread that lives as long as the agent: Linux ends a process that asked for it
 * with the thread that started it, not with the whole agent.
 */
final class OsLauncher implements Launcher {
    private static final int LONGEST_LINE = 512;

    private final ExecutorService starting = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("cell-starter").daemon().factory());

    @Override
    public Running start(Command command, CellLog output, IntConsumer ended) throws IOException {
        Process process;
        try {
            process = starting.submit(() -> spawn(command)).get();
        } catch (ExecutionException e) {
            throw new IOException("the map-server cannot be started: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        Thread reading = Thread.ofVirtual().name("cell-" + process.pid()).start(() -> read(process, output));
        process.onExit().thenAccept(over -> {
            try {
                // Its last words tell why.
                reading.join(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            ended.accept(over.exitValue());
        });
        return new OsProcess(process);
    }

    private static Process spawn(Command command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.words())
                .directory(command.folder().toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Map<String, String> environment = builder.environment();
        environment.putAll(command.environment());
        return builder.start();
    }

    /** The end of this pipe is also what a map-server without an agent writes into, and dies of. */
    private static void read(Process process, CellLog output) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
            StringBuilder line = new StringBuilder();
            for (int c = lines.read(); c >= 0; c = lines.read()) {
                if (c == '\n' || c == '\r') {
                    output.line(line.toString());
                    line.setLength(0);
                } else if (line.length() < LONGEST_LINE && c >= ' ') {
                    line.append((char) c);
                }
            }
            output.line(line.toString());
        } catch (IOException e) {
            output.line("");
        }
    }

    private record OsProcess(Process process) implements Running {
        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public boolean alive() {
            return process.isAlive();
        }

        @Override
        public void terminate() {
            process.destroy();
        }

        @Override
        public void kill() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
