package io.p2phost.kit.consume;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.FixedBackOff;

/** Which failures are waited out instead of counted against a record. */
final class Waits {
    private static final long DATABASE_RETRY_MILLIS = 1_000;
    private static final int MAX_DEPTH = 16;

    private Waits() {}

    /** An unlimited wait when the database is away; null (the ordinary back-off) otherwise. */
    static @Nullable BackOff forDatabase(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++, cause = cause.getCause()) {
            if (cause instanceof CannotCreateTransactionException
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof TransientDataAccessException) {
                return new FixedBackOff(DATABASE_RETRY_MILLIS, FixedBackOff.UNLIMITED_ATTEMPTS);
            }
        }
        return null;
    }
}
