package io.p2phost.registry.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.MutableClock;
import io.p2phost.registry.RecordedAudit;
import io.p2phost.registry.crypto.HostKey;
import io.p2phost.registry.refusal.Refused;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostTokensTest {
    private static final TokenPolicy POLICY = new TokenPolicy(
            Duration.ofHours(1), Duration.ofMinutes(5), Duration.ofSeconds(60), Duration.ofSeconds(30), 3);

    private final MutableClock clock = new MutableClock();
    private final HostId host = HostId.random();
    private final KeyPair key = keyPair();
    private final KeyRing ring = new KeyRing(
            new InMemorySigningKeys(), new RecordedAudit(), clock, new SecureRandom(), Duration.ofSeconds(10));
    private final InMemoryUsedAssertions used = new InMemoryUsedAssertions();
    private final HostTokens tokens = new HostTokens(
            id -> id.equals(host) ? Optional.of(hostKey()) : Optional.empty(),
            used,
            new TokenIssuer(ring, POLICY, clock),
            POLICY,
            clock);

    @BeforeEach
    void makeAKey() {
        ring.initialise();
    }

    private static KeyPair keyPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private HostKey hostKey() {
        byte[] encoded = key.getPublic().getEncoded();
        return HostKey.of(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private String assertion(Consumer<JwtClaims> change) {
        return assertion(change, key);
    }

    private String assertion(Consumer<JwtClaims> change, KeyPair signer) {
        long now = clock.instant().getEpochSecond();
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(host.value());
        claims.setSubject(host.value());
        claims.setAudience("p2p");
        claims.setIssuedAt(NumericDate.fromSeconds(now));
        claims.setExpirationTime(NumericDate.fromSeconds(now + 60));
        claims.setJwtId(UUID.randomUUID().toString());
        change.accept(claims);
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        jws.setPayload(claims.toJson());
        jws.setKey(signer.getPrivate());
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private Refused refusal(String assertion) {
        try {
            tokens.exchange(assertion);
        } catch (Refused e) {
            return e;
        }
        throw new AssertionError("was not refused");
    }

    private void refusedWith(Consumer<JwtClaims> change, String detail) {
        Refused refused = refusal(assertion(change));
        assertThat(refused.type()).isEqualTo(ProblemType.INVALID_GRANT);
        assertThat(refused.properties()).containsEntry("error", "invalid_grant");
        assertThat(refused.detail()).startsWith(detail);
    }

    private NumericDate at(long secondsFromNow) {
        return NumericDate.fromSeconds(clock.instant().getEpochSecond() + secondsFromNow);
    }

    @Test
    void aGoodAssertionIsWorthAnHoursToken() throws InvalidJwtException {
        AccessToken token = tokens.exchange(assertion(claims -> {}));

        assertThat(Duration.between(clock.instant(), token.expiresAt())).isEqualTo(Duration.ofHours(1));
        JwtClaims claims = new JwtConsumerBuilder()
                .setVerificationKey(ring.signing().publicKey())
                .setJwsAlgorithmConstraints(
                        org.jose4j.jwa.AlgorithmConstraints.ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA)
                .setExpectedAudience("p2p")
                .setExpectedIssuer("host-registry")
                .setExpectedSubject(host.value())
                .setEvaluationTime(NumericDate.fromSeconds(clock.instant().getEpochSecond()))
                .build()
                .processToClaims(token.token());
        assertThat(claims.getClaimValue("roles")).isEqualTo(List.of("HOST"));
    }

    @Test
    void anAssertionIsGoodOnce() {
        String assertion = assertion(claims -> {});
        tokens.exchange(assertion);

        assertThat(refusal(assertion).detail()).startsWith("jti: used before");
        clock.pass(Duration.ofSeconds(20));
        assertThat(refusal(assertion).detail()).startsWith("jti: used before");
    }

    @Test
    void aUsedIdIsKeptForAsLongAsItsAssertionCouldBeAccepted() {
        String assertion = assertion(claims -> {});
        tokens.exchange(assertion);
        clock.pass(Duration.ofSeconds(89));
        assertThat(used.forgetExpired(clock.instant())).isZero();
        assertThat(refusal(assertion).detail()).startsWith("jti: used before");
        clock.pass(Duration.ofSeconds(1));
        assertThat(used.forgetExpired(clock.instant())).isEqualTo(1);
        assertThat(refusal(assertion).detail()).startsWith("exp: in the past");
    }

    @Test
    void everyClaimIsAsked() {
        refusedWith(c -> c.setIssuer(HostId.random().value()), "iss, sub:");
        refusedWith(c -> c.unsetClaim("iss"), "iss, sub:");
        refusedWith(c -> c.unsetClaim("sub"), "iss, sub:");
        refusedWith(
                c -> {
                    c.setIssuer("me");
                    c.setSubject("me");
                },
                "iss: (expected: a host's id)");
        refusedWith(c -> c.setAudience("other"), "aud:");
        refusedWith(c -> c.setAudience("p2p", "other"), "aud:");
        refusedWith(c -> c.unsetClaim("aud"), "aud:");
        refusedWith(c -> c.unsetClaim("jti"), "jti:");
        refusedWith(c -> c.setJwtId("x".repeat(129)), "jti:");
        refusedWith(c -> c.unsetClaim("iat"), "iat, exp: missing");
        refusedWith(c -> c.unsetClaim("exp"), "iat, exp: missing");
        refusedWith(c -> c.setClaim("exp", "soon"), "iat, exp: missing");
        refusedWith(c -> c.setExpirationTime(at(61)), "exp: (expected: at most 60 s after iat)");
        refusedWith(c -> c.setExpirationTime(at(-1)), "exp: (expected: at most 60 s after iat)");
        refusedWith(c -> c.setClaim("exp", Long.MAX_VALUE), "exp:");
        refusedWith(c -> c.setClaim("iat", Long.MIN_VALUE), "exp:");
    }

    @Test
    void aClockThatIsAlittleOffIsForgivenAndNoMore() {
        assertThat(tokens.exchange(assertion(c -> {
                    c.setIssuedAt(at(30));
                    c.setExpirationTime(at(90));
                })))
                .isNotNull();
        refusedWith(
                c -> {
                    c.setIssuedAt(at(31));
                    c.setExpirationTime(at(60));
                },
                "iat: in the future");
        assertThat(tokens.exchange(assertion(c -> {
                    c.setIssuedAt(at(-89));
                    c.setExpirationTime(at(-29));
                })))
                .isNotNull();
        refusedWith(
                c -> {
                    c.setIssuedAt(at(-90));
                    c.setExpirationTime(at(-30));
                },
                "exp: in the past");
    }

    @Test
    void anotherKeyAndAnUnknownHostLookTheSame() {
        String forged = assertion(c -> {}, keyPair());
        String unknown = assertion(c -> {
            String id = HostId.random().value();
            c.setIssuer(id);
            c.setSubject(id);
        });

        assertThat(refusal(forged).detail()).isEqualTo(refusal(unknown).detail());
    }

    @Test
    void onlyEdDsaIsAccepted() throws JoseException {
        String good = assertion(c -> {});
        String none = "eyJhbGciOiJub25lIn0." + good.split("\\.")[1] + ".";
        assertThat(refusal(none).detail()).startsWith("alg:");

        JsonWebSignature hmac = new JsonWebSignature();
        hmac.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        hmac.setPayload("{}");
        hmac.setKey(new OctetSequenceJsonWebKey(
                        new javax.crypto.spec.SecretKeySpec(hostKey().raw(), "HmacSHA256"))
                .getKey());
        assertThat(refusal(hmac.getCompactSerialization()).detail()).startsWith("alg:");
    }

    @Test
    void textThatIsNoJwsIsRefused() {
        for (String text : List.of("", "x", "a.b.c", "a.b.c.d.e", "....", "x".repeat(2_049))) {
            assertThat(refusal(text).type()).as(text).isEqualTo(ProblemType.INVALID_GRANT);
        }
    }

    @Test
    void oneHostCannotFillTheStore() {
        for (int i = 0; i < 3; i++) {
            tokens.exchange(assertion(c -> {}));
        }
        assertThat(refusal(assertion(c -> {})).type()).isEqualTo(ProblemType.TOO_MANY_REQUESTS);
        clock.pass(Duration.ofSeconds(91));
        assertThat(tokens.exchange(assertion(c -> {}))).isNotNull();
    }
}
