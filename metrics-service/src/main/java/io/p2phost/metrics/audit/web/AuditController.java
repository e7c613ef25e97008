package io.p2phost.metrics.audit.web;

import io.p2phost.contracts.Role;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.Page;
import io.p2phost.kit.web.ProblemException;
import io.p2phost.metrics.audit.AuditEntry;
import io.p2phost.metrics.audit.AuditLog;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit log, newest first. */
@RestController
class AuditController {
    private static final int MAX_LIMIT = 500;

    private final AuditLog log;

    AuditController(AuditLog log) {
        this.log = log;
    }

    @GetMapping("/api/v1/audit")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    Page<AuditEntry> read(
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String subject,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE, "limit: " + limit + " (expected: 1 to " + MAX_LIMIT + ")");
        }
        List<AuditEntry> found =
                log.find(new AuditLog.Query(actor, action, subject, cursor == null ? null : id(cursor), limit));
        return new Page<>(
                found,
                found.size() < limit ? null : String.valueOf(found.getLast().id()));
    }

    private static long id(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw new ProblemException(
                    ProblemType.INVALID_VALUE,
                    "cursor: " + Text.quote(cursor) + " (expected: the nextCursor of an answer)");
        }
    }
}
