package io.p2phost.registry.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostKeyTest {
    private static final byte[] MESSAGE = "ABCD2345".getBytes(StandardCharsets.UTF_8);

    @Test
    void aSignatureOfTheSameKeyVerifiesAndNoOther() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        HostKey key = HostKey.of(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(MESSAGE);
        byte[] good = signature.sign();

        assertThat(key.verifies(MESSAGE, good)).isTrue();
        assertThat(key.verifies("abcd2345".getBytes(StandardCharsets.UTF_8), good))
                .isFalse();
        good[3] ^= 1;
        assertThat(key.verifies(MESSAGE, good)).isFalse();
        assertThat(key.verifies(MESSAGE, new byte[0])).isFalse();
        assertThat(key.key()).isEqualTo(pair.getPublic());
    }

    /** RFC 8032 §7.1, test 2. */
    @Test
    void theReferenceVectorVerifies() {
        HostKey key =
                HostKey.of(HexFormat.of().parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
        byte[] signature = HexFormat.of()
                .parseHex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

        assertThat(key.verifies(new byte[] {0x72}, signature)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void pointsOfSmallOrderAreRefused(String hex) {
        assertThatThrownBy(() -> HostKey.of(HexFormat.of().parseHex(hex)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("publicKey: a weak point");
    }

    @Test
    void textThatIsNoKeyIsRefusedWithWhatWasExpected() {
        assertThatThrownBy(() -> HostKey.parse("***")).hasMessage("publicKey: \"***\" (expected: base64)");
        assertThatThrownBy(() -> HostKey.parse(Base64.getEncoder().encodeToString(new byte[31])))
                .hasMessage("publicKey: 31 bytes (expected: base64 of the 32 raw bytes)");
        assertThatThrownBy(() -> HostKey.of(
                        HexFormat.of().parseHex("0200000000000000000000000000000000000000000000000000000000000000")))
                .hasMessageContaining("publicKey: not on the curve");
    }
}
