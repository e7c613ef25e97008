package io.p2phost.registry.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every store of enrolment codes must do. */
public abstract class EnrolmentCodesContract {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private final long account = UUID.randomUUID().getMostSignificantBits() >>> 2;

    protected abstract EnrolmentCodes codes();

    private EnrolmentCode added() {
        byte[] hash = new byte[32];
        new java.security.SecureRandom().nextBytes(hash);
        EnrolmentCode code = new EnrolmentCode(
                UUID.randomUUID(),
                CodeHash.of(hash),
                account,
                "label",
                "key:a",
                NOW,
                NOW.plus(Duration.ofMinutes(15)),
                null,
                null);
        codes().add(code);
        return code;
    }

    @Test
    void findsACodeByItsHash() {
        EnrolmentCode code = added();

        assertThat(codes().byHash(code.hash())).contains(code);
        assertThat(codes().byHash(CodeHash.of(new byte[32]))).isEmpty();
    }

    @Test
    void aCodeIsUsedUpOnce() {
        EnrolmentCode code = added();
        HostId host = HostId.random();

        assertThat(codes().use(code.id(), host, NOW)).isTrue();
        assertThat(codes().use(code.id(), HostId.random(), NOW)).isFalse();
        assertThat(codes().byHash(code.hash()).orElseThrow())
                .extracting(EnrolmentCode::hostId, EnrolmentCode::usedAt)
                .containsExactly(host, NOW);
    }

    @Test
    void anExpiredCodeIsNotUsed() {
        EnrolmentCode code = added();

        assertThat(codes().use(code.id(), HostId.random(), code.expiresAt())).isFalse();
        assertThat(codes().use(code.id(), HostId.random(), code.expiresAt().minusMillis(1)))
                .isTrue();
    }

    @Test
    void countsOpenCodes() {
        long before = codes().countOpen(NOW);
        EnrolmentCode used = added();
        added();
        codes().use(used.id(), HostId.random(), NOW);

        assertThat(codes().countOpen(account, NOW)).isEqualTo(1);
        assertThat(codes().countOpen(NOW)).isEqualTo(before + 1);
        assertThat(codes().countOpen(account, NOW.plus(Duration.ofHours(1)))).isZero();
    }

    @Test
    void forgetsUnusedCodesThatExpiredLongAgo() {
        EnrolmentCode used = added();
        EnrolmentCode unused = added();
        codes().use(used.id(), HostId.random(), NOW);

        assertThat(codes().forgetExpiredBefore(unused.expiresAt())).isZero();
        assertThat(codes().forgetExpiredBefore(unused.expiresAt().plusSeconds(1)))
                .isPositive();
        assertThat(codes().byHash(unused.hash())).isEmpty();
        assertThat(codes().byHash(used.hash())).isPresent();
    }

    @Test
    void listsFromACursor() {
        EnrolmentCode code = added();

        assertThat(codes().list(null, 1_000)).extracting(EnrolmentCode::id).contains(code.id());
        assertThat(codes().list(code.id(), 1_000)).extracting(EnrolmentCode::id).doesNotContain(code.id());
        assertThat(codes().list(null, 1)).hasSize(1);
    }
}
