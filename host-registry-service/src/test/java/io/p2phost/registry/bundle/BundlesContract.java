package io.p2phost.registry.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.bundles.Chunks;
import io.p2phost.bundles.Release;
import io.p2phost.bundles.Sha256;
import io.p2phost.bundles.SignedRelease;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every store of bundles must do. */
public abstract class BundlesContract {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final AtomicLong SEQUENCE = new AtomicLong();

    protected abstract Bundles bundles();

    @AfterEach
    void leaveNothing() {
        bundles().all().forEach(b -> bundles().remove(b.version()));
        bundles().removeUnnamedChunks();
    }

    private Bundle begun(BundleFixture fixture) {
        Bundle bundle = new Bundle(
                fixture.version(),
                fixture.sha256(),
                new Bundle.Content(20_200_401, 1, 2, fixture.manifest.totalBytes()),
                "key:a",
                NOW,
                null);
        bundles().begin(bundle, fixture.manifest, fixture.json);
        return bundle;
    }

    private Bundle released(Bundle bundle) throws Exception {
        Release release = new Release(bundle.version(), SEQUENCE.incrementAndGet(), NOW, bundle.manifestSha256());
        Bundle released = bundle.released(
                SignedRelease.sign(
                        release,
                        KeyPairGenerator.getInstance("Ed25519")
                                .generateKeyPair()
                                .getPrivate()),
                "key:b");
        bundles().release(released);
        return released;
    }

    private void bring(BundleFixture fixture) {
        fixture.chunks.forEach((name, content) ->
                assertThat(bundles().addChunk(name, content, NOW)).isTrue());
    }

    @Test
    void givesBackWhatWasBegunAndReleased() throws Exception {
        BundleFixture fixture = BundleFixture.of("v1", "one");
        Bundle begun = begun(fixture);
        assertThat(bundles().byVersion(fixture.version())).contains(begun);
        assertThat(bundles().releasedManifest(fixture.version())).isEmpty();
        assertThat(bundles().current()).isEmpty();

        Bundle released = released(begun);

        assertThat(bundles().byVersion(fixture.version())).contains(released);
        assertThat(bundles().current()).contains(released.released().signed());
        assertThat(bundles().releasedManifest(fixture.version()).orElseThrow()).isEqualTo(fixture.json);
    }

    @Test
    void knowsWhichPiecesAreMissing() {
        BundleFixture fixture = BundleFixture.ofLength("v1", Chunks.BYTES * 2 + 7);
        begun(fixture);
        assertThat(bundles().missing(fixture.version()))
                .containsExactlyInAnyOrderElementsOf(fixture.chunks.keySet())
                .isSorted();

        bring(fixture);

        assertThat(bundles().missing(fixture.version())).isEmpty();
        fixture.chunks.forEach((name, content) ->
                assertThat(bundles().chunk(name).orElseThrow()).isEqualTo(content));
    }

    @Test
    void takesOnlyPiecesThatSomeVersionNames() {
        BundleFixture fixture = BundleFixture.of("v1", "one");
        byte[] content = {1, 2, 3};
        begun(fixture);

        assertThat(bundles().addChunk(Sha256.of(content), content, NOW)).isFalse();
        assertThat(bundles().chunk(Sha256.of(content))).isEmpty();
    }

    @Test
    void piecesAreSharedCountedOnceAndStayWhileOneVersionNamesThem() {
        BundleFixture one = BundleFixture.of("v1", "one");
        BundleFixture two = BundleFixture.of("v2", "second");
        begun(one);
        bring(one);
        begun(two);

        assertThat(bundles().missing(two.version())).hasSize(1);
        assertThat(bundles().namedBytes()).isEqualTo("one".length() + "second".length() + "prt_fild08\twarp".length());

        bring(two);
        bundles().remove(one.version());
        assertThat(bundles().removeUnnamedChunks()).isEqualTo(1);
        assertThat(bundles().missing(two.version())).isEmpty();
        assertThat(bundles().removeUnnamedChunks()).isZero();
    }

    @Test
    void saysWhatIsKept() throws Exception {
        assertThat(bundles().kept()).isEqualTo(new Bundles.Kept(0, 0, 0, 0));
        BundleFixture one = BundleFixture.of("v1", "one");
        BundleFixture two = BundleFixture.of("v2", "second");
        long script = "prt_fild08\twarp".length();

        Bundle begun = begun(one);
        assertThat(bundles().kept()).isEqualTo(new Bundles.Kept(0, 1, 0, 0));
        bring(one);
        released(begun);
        begun(two);
        bring(two);

        assertThat(bundles().kept()).isEqualTo(new Bundles.Kept(1, 1, 3, "one".length() + "second".length() + script));
        bundles().remove(one.version());
        bundles().removeUnnamedChunks();
        assertThat(bundles().kept()).isEqualTo(new Bundles.Kept(0, 1, 2, "second".length() + script));
    }

    @Test
    void aVersionBegunAnewForgetsWhatItNamedBefore() {
        BundleFixture first = BundleFixture.of("v1", "one");
        BundleFixture again = BundleFixture.of("v1", "two!");
        begun(first);
        begun(again);

        assertThat(bundles().all()).hasSize(1);
        assertThat(bundles().missing(again.version())).containsExactlyInAnyOrderElementsOf(again.chunks.keySet());
    }

    @Test
    void theNewestReleaseIsCurrentWhateverItsName() throws Exception {
        Bundle one = released(begun(BundleFixture.of("v1", "one")));
        Bundle two = released(begun(BundleFixture.of("v2", "two")));
        Bundle draft = begun(BundleFixture.of("v3", "three"));
        assertThat(bundles().all()).containsExactly(draft, two, one);

        Bundle back = released(one);

        assertThat(bundles().current()).contains(back.released().signed());
        assertThat(bundles().all()).containsExactly(draft, back, two);
    }
}
