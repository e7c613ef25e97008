package io.p2phost.registry.enrolment.web;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.AllowAnonymous;
import io.p2phost.kit.web.Page;
import io.p2phost.registry.bundle.ReleaseSigner;
import io.p2phost.registry.enrolment.Enrolment;
import io.p2phost.registry.enrolment.EnrolmentCode;
import io.p2phost.registry.enrolment.IssuedCode;
import io.p2phost.registry.refusal.Refused;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class EnrolmentController {
    private static final int MAX_PAGE = 200;

    private final Enrolment enrolment;
    private final ReleaseSigner releases;

    EnrolmentController(Enrolment enrolment, ReleaseSigner releases) {
        this.enrolment = enrolment;
        this.releases = releases;
    }

    @PostMapping("/api/v1/enrolments")
    @Allow({Role.ADMIN, Role.OPERATOR})
    ResponseEntity<NewCode> issue(@RequestBody WantedCode body, Caller caller) {
        IssuedCode issued =
                enrolment.issue(body.accountId(), body.label() == null ? "host" : body.label(), caller.actor());
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(new NewCode(issued.code(), issued.record().expiresAt()));
    }

    @GetMapping("/api/v1/enrolments")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    Page<CodeView> list(
            @RequestParam(required = false) @Nullable String cursor, @RequestParam(defaultValue = "50") int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new Refused(ProblemType.INVALID_VALUE, "limit: " + limit + " (expected: 1 to " + MAX_PAGE + ")");
        }
        List<CodeView> items = enrolment.list(cursorOf(cursor), limit).stream()
                .map(CodeView::of)
                .toList();
        return new Page<>(
                items,
                items.size() < limit ? null : items.getLast().enrolmentId().toString());
    }

    private static @Nullable UUID cursorOf(@Nullable String cursor) {
        try {
            return cursor == null ? null : UUID.fromString(cursor);
        } catch (IllegalArgumentException e) {
            throw new Refused(
                    ProblemType.INVALID_VALUE, "cursor: " + Text.quote(cursor) + " (expected: a page's nextCursor)");
        }
    }

    @PostMapping("/api/v1/enrolments/{code}:redeem")
    @AllowAnonymous
    @ResponseStatus(HttpStatus.CREATED)
    Redeemed redeem(@PathVariable String code, @RequestBody Redemption body) {
        if (body.publicKey() == null || body.proof() == null || body.name() == null || body.region() == null) {
            throw new Refused(
                    ProblemType.INVALID_VALUE, "publicKey, proof, name, region: missing (expected: all four)");
        }
        String bundleKey =
                Base64.getEncoder().encodeToString(releases.publicKey().getEncoded());
        return new Redeemed(
                enrolment.redeem(code, body.publicKey(), body.proof(), body.name(), body.region()), bundleKey);
    }

    record WantedCode(long accountId, @Nullable String label) {}

    record NewCode(String code, Instant expiresAt) {}

    record Redemption(
            @Nullable String publicKey,
            @Nullable String proof,
            @Nullable String name,
            @Nullable String region) {}

    /**
     * What a host keeps.
     *
     * @param bundleKey base64 of the X.509 form of the Ed25519 key that signs bundles
     */
    record Redeemed(HostId hostId, String bundleKey) {}

    record CodeView(
            UUID enrolmentId,
            long accountId,
            String label,
            String createdBy,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant usedAt,
            @Nullable HostId hostId) {
        static CodeView of(EnrolmentCode code) {
            return new CodeView(
                    code.id(),
                    code.accountId(),
                    code.label(),
                    code.createdBy(),
                    code.createdAt(),
                    code.expiresAt(),
                    code.usedAt(),
                    code.hostId());
        }
    }
}
