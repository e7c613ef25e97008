package io.p2phost.kit.web;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** Tells a database that is away or overloaded from a statement that is wrong. */
final class DatabaseFaults {
    private static final int MAX_DEPTH = 16;

    private DatabaseFaults() {}

    static boolean isUnavailable(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++, cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return true;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                // 08 connection, 53 resources, 57 operator intervention (shutdown), PostgreSQL's table of SQLSTATEs.
                String kind = sql.getSQLState()
                        .substring(0, Math.min(2, sql.getSQLState().length()));
                if (kind.equals("08") || kind.equals("53") || kind.equals("57")) {
                    return true;
                }
            }
        }
        return false;
    }
}
