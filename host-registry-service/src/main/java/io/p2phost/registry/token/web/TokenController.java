package io.p2phost.registry.token.web;

import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.AllowAnonymous;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.registry.apikey.ApiKey;
import io.p2phost.registry.apikey.ApiKeyRegistry;
import io.p2phost.registry.refusal.Refused;
import io.p2phost.registry.token.AccessToken;
import io.p2phost.registry.token.HostTokens;
import io.p2phost.registry.token.KeyRing;
import io.p2phost.registry.token.SigningKey;
import io.p2phost.registry.token.TokenIssuer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class TokenController {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private final HostTokens hostTokens;
    private final ApiKeyRegistry apiKeys;
    private final TokenIssuer issuer;
    private final KeyRing keys;
    private final InstantSource clock;

    TokenController(
            HostTokens hostTokens, ApiKeyRegistry apiKeys, TokenIssuer issuer, KeyRing keys, InstantSource clock) {
        this.hostTokens = hostTokens;
        this.apiKeys = apiKeys;
        this.issuer = issuer;
        this.keys = keys;
        this.clock = clock;
    }

    @PostMapping(path = "/api/v1/auth/token", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    @AllowAnonymous
    ResponseEntity<HostToken> hostToken(
            @RequestParam(name = "grant_type", required = false) @Nullable String grantType,
            @RequestParam(required = false) @Nullable String assertion) {
        if (!GRANT.equals(grantType)) {
            throw refused("unsupported_grant_type", "grant_type: (expected: " + GRANT + ")");
        }
        if (assertion == null || assertion.isBlank()) {
            throw refused("invalid_request", "assertion: missing (expected: a signed JWT)");
        }
        AccessToken token = hostTokens.exchange(assertion);
        long seconds = Duration.between(clock.instant(), token.expiresAt())
                .plusMillis(999)
                .toSeconds();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new HostToken(token.token(), "Bearer", seconds));
    }

    private static Refused refused(String error, String detail) {
        return new Refused(ProblemType.INVALID_GRANT, detail, Map.of("error", error));
    }

    /** The gateway exchanges an API key here and keeps the answer for a minute. */
    @PostMapping("/internal/v1/tokens")
    @AllowInternal(ServiceName.GATEWAY)
    ResponseEntity<KeyToken> keyToken(@RequestBody KeyExchange body) {
        String secret = body.apiKey() == null ? "" : body.apiKey();
        ApiKey key = apiKeys.authenticate(secret)
                .orElseThrow(() -> new Refused(ProblemType.UNAUTHENTICATED, "the API key is not accepted"));
        AccessToken token = issuer.forApiKey(key.id(), key.role());
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new KeyToken(token.token(), token.expiresAt()));
    }

    @GetMapping("/internal/v1/jwks")
    @AllowAnonymous
    Map<String, List<Map<String, Object>>> jwks() {
        return Map.of(
                "keys", keys.reload().stream().map(TokenController::publicJwk).toList());
    }

    @PostMapping("/api/v1/signing-keys:rotate")
    @Allow(Role.ADMIN)
    Rotated rotate(Caller caller) {
        SigningKey fresh = keys.rotate(caller.actor());
        return new Rotated(
                fresh.kid(),
                fresh.createdAt(),
                keys.reload().stream().map(SigningKey::kid).toList());
    }

    private static Map<String, Object> publicJwk(SigningKey key) {
        try {
            PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(key.publicKey());
            jwk.setKeyId(key.kid());
            jwk.setUse("sig");
            jwk.setAlgorithm("EdDSA");
            return jwk.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
        } catch (JoseException e) {
            throw new IllegalStateException("signing key " + key.kid() + ": cannot be written as a JWK", e);
        }
    }

    record HostToken(String access_token, String token_type, long expires_in) {}

    record KeyExchange(@Nullable String apiKey) {}

    record KeyToken(String token, Instant expiresAt) {}

    /** Which key signs now, and which are published. */
    record Rotated(String kid, Instant createdAt, List<String> live) {}
}
