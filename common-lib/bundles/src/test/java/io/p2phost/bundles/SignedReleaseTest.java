package io.p2phost.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SignedReleaseTest {
    private static final KeyPair KEY = pair();
    private static final Manifest MANIFEST = Bundled.manifest(
            "2026-11-23.1", List.of(Bundled.file("map-server", true), Bundled.file("npc/prontera.txt", false)));

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Release release(long sequence) {
        return new Release(
                MANIFEST.version(), sequence, Instant.parse("2026-11-23T12:00:00Z"), Sha256.of(MANIFEST.bytes()));
    }

    private static SignedRelease signed(long sequence) {
        return SignedRelease.sign(release(sequence), KEY.getPrivate());
    }

    @Test
    void aReleaseOfThePinnedKeyIsAcceptedAlsoAfterItWasWrittenAndRead() {
        SignedRelease read = SignedRelease.read(signed(7).bytes());
        assertThat(read.accepted(KEY.getPublic(), null)).isEqualTo(release(7));
        assertThat(read.accepted(KEY.getPublic(), release(7))).isEqualTo(release(7));
        assertThat(read.accepted(KEY.getPublic(), release(6))).isEqualTo(release(7));
    }

    @Test
    void anotherKeyIsRefused() {
        assertThatThrownBy(() -> signed(7).accepted(pair().getPublic(), null))
                .hasMessage("release 7 (2026-11-23.1): not signed by the key this host was enrolled with");
    }

    @Test
    void anOlderReleaseIsRefused() {
        assertThatThrownBy(() -> signed(7).accepted(KEY.getPublic(), release(8)))
                .hasMessage("release 7 (2026-11-23.1): older than release 8, which was accepted before");
    }

    @Test
    void twoReleasesOfOneNumberAreNotBothAccepted() {
        Release other = new Release(new BundleVersion("x"), 7, Instant.EPOCH, Sha256.of(new byte[0]));
        assertThatThrownBy(() -> signed(7).accepted(KEY.getPublic(), other))
                .hasMessage("release 7 (2026-11-23.1): another release of the same number was accepted before");
    }

    @Test
    void goingBackIsANewReleaseOfAnOlderVersion() {
        Release back = new Release(new BundleVersion("2026-11-20.1"), 9, Instant.EPOCH, Sha256.of(new byte[0]));
        assertThat(SignedRelease.sign(back, KEY.getPrivate()).accepted(KEY.getPublic(), release(8)))
                .isEqualTo(back);
    }

    @Test
    void onlyTheReleasedManifestIsTaken() {
        assertThat(SignedRelease.manifest(release(1), MANIFEST.bytes())).isEqualTo(MANIFEST);
        byte[] other = new String(MANIFEST.bytes(), StandardCharsets.UTF_8)
                .replace("20200401", "20200402")
                .getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> SignedRelease.manifest(release(1), other))
                .hasMessage("manifest of 2026-11-23.1: not the one that was released");
        Release misnamed = new Release(new BundleVersion("x"), 1, Instant.EPOCH, Sha256.of(MANIFEST.bytes()));
        assertThatThrownBy(() -> SignedRelease.manifest(misnamed, MANIFEST.bytes()))
                .hasMessage("manifest of x: says it is 2026-11-23.1");
    }

    /** Whatever byte of a release is changed: it is refused in words. */
    @Property(tries = 2000)
    void aChangedByteNeverGivesAnotherAcceptedRelease(
            @ForAll @IntRange(min = 0, max = 10_000) int at, @ForAll byte value) {
        byte[] bytes = signed(7).bytes();
        bytes[at % bytes.length] = value;
        try {
            assertThat(SignedRelease.read(bytes).accepted(KEY.getPublic(), null))
                    .isEqualTo(release(7));
        } catch (BundleException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        }
    }
}
