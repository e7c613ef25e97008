package io.p2phost.registry.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealerTest {
    private static final byte[] SECRET = "a private key".getBytes(StandardCharsets.UTF_8);
    private final Sealer sealer = sealer(1);

    private static Sealer sealer(int first) {
        byte[] key = new byte[32];
        key[0] = (byte) first;
        return Sealer.of(Base64.getEncoder().encodeToString(key), new SecureRandom());
    }

    @Test
    void whatWasSealedOpensAgainAndNeverLooksTheSame() {
        byte[] sealed = sealer.seal("signing key", SECRET);

        assertThat(sealer.open("signing key", sealed)).isEqualTo(SECRET);
        assertThat(sealer.seal("signing key", SECRET)).isNotEqualTo(sealed);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("private");
    }

    @Test
    void anotherKeyPurposeOrBitDoesNotOpenIt() {
        byte[] sealed = sealer.seal("signing key", SECRET);

        assertThatThrownBy(() -> sealer(2).open("signing key", sealed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "p2p.registry.key-encryption-key: does not open the stored signing key (expected: the key it was sealed with)");
        assertThatThrownBy(() -> sealer.open("certificate authority key", sealed))
                .isInstanceOf(IllegalStateException.class);
        sealed[sealed.length - 1] ^= 1;
        assertThatThrownBy(() -> sealer.open("signing key", sealed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sealer.open("signing key", new byte[12])).hasMessageContaining("cut short");
    }

    @Test
    void aKeyedHashDependsOnKeyPurposeAndText() {
        byte[] hash = sealer.keyedHash("enrolment code", "ABCD");

        assertThat(sealer.keyedHash("enrolment code", "ABCD")).isEqualTo(hash);
        assertThat(sealer.keyedHash("enrolment code", "ABCE")).isNotEqualTo(hash);
        assertThat(sealer.keyedHash("enrolment", "codeABCD")).isNotEqualTo(hash);
        assertThat(sealer(2).keyedHash("enrolment code", "ABCD")).isNotEqualTo(hash);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret-but-not-base64!", "c2hvcnQ="})
    void aKeyThatIsNoneIsRefusedWithoutRepeatingIt(String key) {
        assertThatThrownBy(() -> Sealer.of(key, new SecureRandom()))
                .hasMessage("p2p.registry.key-encryption-key: (expected: base64 of 32 random bytes)");
    }
}
