package io.p2phost.registry.apikey.web;

import io.p2phost.contracts.Role;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.Page;
import io.p2phost.registry.apikey.ApiKey;
import io.p2phost.registry.apikey.ApiKeyRegistry;
import io.p2phost.registry.apikey.IssuedApiKey;
import io.p2phost.registry.refusal.Refused;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/api-keys")
@Allow(Role.ADMIN)
class ApiKeyController {
    private static final int MAX_PAGE = 200;

    private final ApiKeyRegistry registry;

    ApiKeyController(ApiKeyRegistry registry) {
        this.registry = registry;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    CreatedKey create(@RequestBody CreateKey body, Caller caller) {
        if (body.label() == null || body.role() == null) {
            throw new Refused(ProblemType.INVALID_VALUE, "label, role: missing (expected: both)");
        }
        IssuedApiKey issued = registry.create(body.label(), body.role(), body.expiresAt(), caller.actor());
        ApiKey key = issued.key();
        return new CreatedKey(key.id(), issued.secret(), key.label(), key.role(), key.createdAt(), key.expiresAt());
    }

    @GetMapping
    Page<KeyView> list(
            @RequestParam(required = false) @Nullable String cursor, @RequestParam(defaultValue = "50") int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new Refused(ProblemType.INVALID_VALUE, "limit: " + limit + " (expected: 1 to " + MAX_PAGE + ")");
        }
        List<KeyView> items =
                registry.list(cursor, limit).stream().map(KeyView::of).toList();
        return new Page<>(items, items.size() < limit ? null : items.getLast().id());
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable String id, Caller caller) {
        registry.revoke(id, caller.actor());
    }

    record CreateKey(
            @Nullable String label,
            @Nullable Role role,
            @Nullable Instant expiresAt) {}

    record CreatedKey(
            String id,
            String apiKey,
            String label,
            Role role,
            Instant createdAt,
            @Nullable Instant expiresAt) {}

    record KeyView(
            String id,
            String label,
            Role role,
            String createdBy,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable Instant revokedAt) {
        static KeyView of(ApiKey key) {
            return new KeyView(
                    key.id(),
                    key.label(),
                    key.role(),
                    key.createdBy(),
                    key.createdAt(),
                    key.expiresAt(),
                    key.lastUsedAt(),
                    key.revokedAt());
        }
    }
}
