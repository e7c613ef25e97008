package io.p2phost.kit.consume;

import io.p2phost.kit.web.PartState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Asks the database whether it answers. A question that hangs is left to its socket's timeout and not repeated meanwhile:
 * one connection waits, never the caller.
 */
final class DatabaseState implements PartState {
    private static final int DEADLINE_MILLIS = 800;
    private static final Map<String, String> UP = Map.of("postgresql", "UP");
    private static final Map<String, String> DOWN = Map.of("postgresql", "does not answer");

    private final JdbcClient jdbc;
    private @Nullable CompletableFuture<Boolean> question;

    DatabaseState(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public synchronized Map<String, String> states() {
        CompletableFuture<Boolean> asked = question;
        if (asked == null || asked.isDone()) {
            CompletableFuture<Boolean> fresh = new CompletableFuture<>();
            Thread.ofVirtual().name("database-state").start(() -> fresh.complete(answers()));
            asked = fresh;
            question = fresh;
        }
        try {
            return asked.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS) ? UP : DOWN;
        } catch (TimeoutException | ExecutionException e) {
            return DOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DOWN;
        }
    }

    private boolean answers() {
        try {
            jdbc.sql("select 1").query(Integer.class).single();
            return true;
        } catch (DataAccessException | CannotCreateTransactionException e) {
            return false;
        }
    }
}
