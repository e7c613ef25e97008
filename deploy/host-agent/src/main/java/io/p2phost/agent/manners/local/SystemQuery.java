package io.p2phost.agent.manners.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a program of the system, for two seconds and a few kilobytes at most. */
class SystemQuery {
    private static final int MAX_BYTES = 16 * 1024;
    private static final long DEADLINE_SECONDS = 2;

    /** What it wrote; empty where there is no such program, or it failed or took too long. */
    Optional<String> ask(List<String> command) {
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("LC_ALL", "C");
            process = builder.start();
        } catch (IOException e) {
            return Optional.empty();
        }
        try {
            process.getOutputStream().close();
            CompletableFuture<String> answer = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try (InputStream stream = process.getInputStream()) {
                    answer.complete(new String(stream.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
                } catch (IOException e) {
                    answer.completeExceptionally(e);
                }
            });
            String text = answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (IOException | ExecutionException | TimeoutException e) {
            return Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }
}
