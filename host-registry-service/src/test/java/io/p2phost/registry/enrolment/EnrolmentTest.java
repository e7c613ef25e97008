package io.p2phost.registry.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.MutableClock;
import io.p2phost.registry.RecordedAudit;
import io.p2phost.registry.crypto.HostKey;
import io.p2phost.registry.crypto.Sealer;
import io.p2phost.registry.refusal.Refused;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnrolmentTest {
    private static final long ACCOUNT = 2_000_001;

    private final MutableClock clock = new MutableClock();
    private final InMemoryEnrolmentCodes codes = new InMemoryEnrolmentCodes();
    private final RecordedAudit audit = new RecordedAudit();
    private final Map<HostId, NewHosts.Machine> enrolled = new LinkedHashMap<>();
    private final NewHosts hosts = new NewHosts() {
        @Override
        public void lockAccount(long accountId) {}

        @Override
        public void lockKey(HostKey key) {}

        @Override
        public int countOfAccount(long accountId) {
            return enrolled.size();
        }

        @Override
        public boolean isTaken(HostKey key) {
            return enrolled.values().stream().anyMatch(m -> m.key().equals(key));
        }

        @Override
        public void enrol(HostId id, long accountId, String label, Machine machine) {
            enrolled.put(id, machine);
        }
    };
    private final Enrolment enrolment = new Enrolment(
            codes,
            hosts,
            audit,
            Sealer.of(Base64.getEncoder().encodeToString(new byte[32]), new SecureRandom()),
            new EnrolmentPolicy(Duration.ofMinutes(15), 10, 2, 3),
            clock,
            new SecureRandom());
    private final KeyPair key = keyPair();

    private static KeyPair keyPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String publicKey(KeyPair pair) {
        byte[] encoded = pair.getPublic().getEncoded();
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private static String proof(KeyPair pair, String code) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(code.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String issued() {
        return enrolment.issue(ACCOUNT, "my pc", "key:a").code();
    }

    private HostId redeem(String code, KeyPair pair) {
        return enrolment.redeem(code, publicKey(pair), proof(pair, code), "my pc", "EU");
    }

    private static ProblemType refusal(Runnable action) {
        try {
            action.run();
        } catch (Refused e) {
            return e.type();
        }
        throw new AssertionError("was not refused");
    }

    @Test
    void aMachineThatProvesItsKeyBecomesAHost() {
        HostId host = redeem(issued(), key);

        assertThat(enrolled.get(host)).isNotNull();
        assertThat(audit.entries).hasSize(2).last().asString().startsWith("host:" + host + " enrolment.redeem");
    }

    @Test
    void codesAreLongUnambiguousAndNeverTheSame() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String code = new Enrolment(
                            new InMemoryEnrolmentCodes(),
                            hosts,
                            audit,
                            Sealer.of(Base64.getEncoder().encodeToString(new byte[32]), new SecureRandom()),
                            new EnrolmentPolicy(Duration.ofMinutes(15), 10, 2, 3),
                            clock,
                            new SecureRandom())
                    .issue(ACCOUNT, "my pc", "key:a")
                    .code();
            assertThat(code).matches("[2-9A-HJKMNP-TV-Z]{10}");
            seen.add(code);
        }
        assertThat(seen).hasSize(1_000);
    }

    @Test
    void theCodeIsNotStored() {
        String code = issued();
        EnrolmentCode stored = codes.list(null, 1).getFirst();

        assertThat(stored.toString()).doesNotContain(code);
        assertThat(new String(stored.hash().bytes(), StandardCharsets.ISO_8859_1))
                .doesNotContain(code);
        assertThat(stored.hash().bytes()).hasSize(32);
    }

    @Test
    void aCodeTypedInSmallLettersIsTheSameCode() {
        String typed = issued().toLowerCase(Locale.ROOT);

        assertThat(redeem(typed, key)).isNotNull();
    }

    @Test
    void aCodeIsGoodOnceAndForItsTimeOnly() {
        String code = issued();
        redeem(code, key);
        assertThat(refusal(() -> redeem(code, keyPair()))).isEqualTo(ProblemType.GONE);

        String late = issued();
        clock.pass(Duration.ofMinutes(15));
        assertThat(refusal(() -> redeem(late, keyPair()))).isEqualTo(ProblemType.GONE);
        assertThat(refusal(() -> redeem("ABCD234567", key))).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(refusal(() -> redeem("A".repeat(65), key))).isEqualTo(ProblemType.NOT_FOUND);
    }

    @Test
    void aBadProofIsRefusedAndLeavesTheCodeOpen() {
        String code = issued();

        assertThat(refusal(() -> enrolment.redeem(code, publicKey(key), proof(keyPair(), code), "my pc", "EU")))
                .isEqualTo(ProblemType.UNPROCESSABLE);
        assertThat(refusal(() -> enrolment.redeem(code, publicKey(key), proof(key, "another"), "my pc", "EU")))
                .isEqualTo(ProblemType.UNPROCESSABLE);
        assertThat(refusal(() -> enrolment.redeem(code, publicKey(key), "***", "my pc", "EU")))
                .isEqualTo(ProblemType.INVALID_VALUE);
        assertThat(refusal(() -> enrolment.redeem(code, "***", proof(key, code), "my pc", "EU")))
                .isEqualTo(ProblemType.INVALID_VALUE);
        assertThat(redeem(code, key)).isNotNull();
    }

    @Test
    void namesAndRegionsAreChecked() {
        String code = issued();
        assertThat(refusal(() -> enrolment.redeem(code, publicKey(key), proof(key, code), "", "EU")))
                .isEqualTo(ProblemType.INVALID_VALUE);
        assertThat(refusal(() -> enrolment.redeem(code, publicKey(key), proof(key, code), "my pc", "E U")))
                .isEqualTo(ProblemType.INVALID_VALUE);
        assertThat(refusal(() -> enrolment.issue(0, "my pc", "key:a"))).isEqualTo(ProblemType.INVALID_VALUE);
        assertThat(refusal(() -> enrolment.issue(1, "\u0007", "key:a"))).isEqualTo(ProblemType.INVALID_VALUE);
    }

    @Test
    void aKeyBelongsToOneHost() {
        redeem(issued(), key);
        assertThat(refusal(() -> redeem(issued(), key))).isEqualTo(ProblemType.CONFLICT);
    }

    @Test
    void anAccountHasOnlySoManyHostsAndOpenCodes() {
        String third = issued();
        redeem(issued(), keyPair());
        redeem(issued(), keyPair());
        assertThat(refusal(() -> redeem(third, keyPair()))).isEqualTo(ProblemType.CONFLICT);
        assertThat(refusal(this::issued)).isEqualTo(ProblemType.CONFLICT);

        enrolled.clear();
        issued();
        issued();
        assertThat(refusal(this::issued)).as("three codes are open").isEqualTo(ProblemType.CONFLICT);
        clock.pass(Duration.ofMinutes(15));
        assertThat(issued()).isNotEmpty();
    }
}
