package io.p2phost.registry.token;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.refusal.Refused;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.springframework.transaction.annotation.Transactional;

/** Exchanges a host's signed assertion for an access token (RFC 7523), each assertion once. */
public class HostTokens {
    private final HostKeys hosts;
    private final UsedAssertions used;
    private final TokenIssuer issuer;
    private final TokenPolicy policy;
    private final AssertionRules rules;
    private final InstantSource clock;

    public HostTokens(
            HostKeys hosts, UsedAssertions used, TokenIssuer issuer, TokenPolicy policy, InstantSource clock) {
        this.hosts = hosts;
        this.used = used;
        this.issuer = issuer;
        this.policy = policy;
        this.rules = new AssertionRules(policy);
        this.clock = clock;
    }

    /**
     * A token for the host that signed the assertion.
     *
     * @throws Refused with {@code error: invalid_grant} when the assertion is not accepted
     */
    @Transactional
    public AccessToken exchange(String compact) {
        Assertion assertion = read(compact);
        Instant now = clock.instant();
        String fault = rules.fault(assertion, now);
        if (fault != null) {
            throw invalidGrant(fault);
        }
        HostId host = HostId.of(Objects.requireNonNull(assertion.issuer()));
        // An unknown host and a wrong signature look the same: ids are not to be probed here.
        if (hosts.keyOf(host)
                .filter(key -> AssertionRules.signedBy(compact, key))
                .isEmpty()) {
            throw invalidGrant("assertion: not signed by an enrolled host's key");
        }
        if (used.countLive(host, now) >= policy.maxLiveAssertions()) {
            throw new Refused(
                    ProblemType.TOO_MANY_REQUESTS,
                    "assertions: " + policy.maxLiveAssertions()
                            + " of this host have not expired yet (expected: one token is used for its whole life)");
        }
        Instant keepUntil = Instant.ofEpochSecond(Objects.requireNonNull(assertion.expiresAt()))
                .plus(policy.clockSkew());
        if (!used.markUsed(host, Objects.requireNonNull(assertion.jti()), keepUntil)) {
            throw invalidGrant("jti: used before (expected: a new one for each assertion)");
        }
        return issuer.forHost(host);
    }

    private static Assertion read(String compact) {
        try {
            return Assertion.read(compact);
        } catch (IllegalArgumentException e) {
            throw invalidGrant(String.valueOf(e.getMessage()));
        }
    }

    private static Refused invalidGrant(String detail) {
        return new Refused(ProblemType.INVALID_GRANT, detail, Map.of("error", "invalid_grant"));
    }
}
