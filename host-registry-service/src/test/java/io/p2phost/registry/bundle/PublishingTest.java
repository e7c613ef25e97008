package io.p2phost.registry.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Release;
import io.p2phost.bundles.Sha256;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.MutableClock;
import io.p2phost.registry.RecordedAudit;
import io.p2phost.registry.refusal.Refused;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublishingTest {
    private static final String ACTOR = "key:a";

    private final Bundles bundles = new InMemoryBundles();
    private final RecordedAudit audit = new RecordedAudit();
    private final MutableClock clock = new MutableClock();
    private final ReleaseSigner signer = new ReleaseSigner(new OneKey(), clock);
    private final Publishing publishing = new Publishing(
            bundles, signer, audit, new BundlePolicy(20_200_401, 2, 100_000, Duration.ofHours(24)), clock);

    private static final class OneKey implements ReleaseKeys {
        private Optional<KeyPair> stored = Optional.empty();

        @Override
        public Optional<KeyPair> load() {
            return stored;
        }

        @Override
        public void addIfAbsent(KeyPair key, Instant now) {
            stored = Optional.of(stored.orElse(key));
        }
    }

    @BeforeEach
    void start() {
        signer.initialise();
    }

    private List<Sha256> begin(BundleFixture fixture) {
        return publishing.begin(fixture.version(), fixture.json, ACTOR);
    }

    private Release published(BundleFixture fixture) {
        begin(fixture);
        fixture.chunks.forEach(publishing::chunk);
        publishing.commit(fixture.version(), fixture.sha256(), ACTOR);
        return publishing.current().accepted(signer.publicKey(), null);
    }

    private static void refused(ProblemType type, String detail, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refused.class, refusal -> assertThat(refusal.type()).isEqualTo(type))
                .hasMessageContaining(detail);
    }

    @Test
    void aVersionThatIsHereWholeIsSignedAndReleased() {
        BundleFixture fixture = BundleFixture.of("v1", "server");
        assertThat(begin(fixture)).containsExactlyInAnyOrderElementsOf(fixture.chunks.keySet());
        fixture.chunks.forEach(publishing::chunk);
        assertThat(publishing.releasedMaps()).as("only begun").isEmpty();

        publishing.commit(fixture.version(), fixture.sha256(), ACTOR);

        Release release = publishing.current().accepted(signer.publicKey(), null);
        assertThat(release.version()).isEqualTo(fixture.version());
        assertThat(release.manifestSha256()).isEqualTo(fixture.sha256());
        assertThat(publishing.manifest(fixture.version())).isEqualTo(fixture.json);
        assertThat(publishing.releasedMaps().orElseThrow().maps()).containsExactly(MapName.of("prt_fild08"));
        assertThat(audit.entries)
                .extracting(entry -> entry.substring(0, entry.indexOf(" {")))
                .containsExactly("key:a bundle.begin bundle:v1", "key:a bundle.release bundle:v1");
    }

    @Test
    void anInterruptedPublishGoesOnWithWhatIsMissing() {
        BundleFixture fixture = BundleFixture.of("v1", "server");
        Sha256 first = begin(fixture).getFirst();
        publishing.chunk(first, fixture.chunks.get(first));

        assertThat(begin(fixture)).hasSize(1).doesNotContain(first);
        refused(
                ProblemType.CONFLICT,
                "1 chunks are missing",
                () -> publishing.commit(fixture.version(), fixture.sha256(), ACTOR));
    }

    @Test
    void aCommitAskedTwiceReleasesOnce() {
        BundleFixture fixture = BundleFixture.of("v1", "server");
        Release release = published(fixture);

        publishing.commit(fixture.version(), fixture.sha256(), ACTOR);

        assertThat(publishing.current().release()).isEqualTo(release);
    }

    @Test
    void goingBackIsAHigherReleaseOfTheOlderVersion() {
        BundleFixture one = BundleFixture.of("v1", "one");
        Release first = published(one);
        Release second = published(BundleFixture.of("v2", "two"));
        assertThat(second.sequence()).isGreaterThan(first.sequence());

        publishing.rollBack(one.version(), "key:b");

        Release back = publishing.current().accepted(signer.publicKey(), second);
        assertThat(back.version()).isEqualTo(one.version());
        assertThat(back.manifestSha256()).isEqualTo(first.manifestSha256());
        assertThat(back.sequence()).isGreaterThan(second.sequence());
        assertThat(audit.entries.getLast()).startsWith("key:b bundle.roll-back bundle:v1");
        refused(
                ProblemType.CONFLICT,
                "expected: a roll-back",
                () -> publishing.commit(
                        new BundleVersion("v2"), BundleFixture.of("v2", "two").sha256(), ACTOR));
    }

    @Test
    void releasesGrowAlsoWhenTheClockGoesBackOrTheDatabaseForgets() {
        Release first = published(BundleFixture.of("v1", "one"));
        clock.pass(Duration.ofHours(-5));
        Release second = published(BundleFixture.of("v2", "two"));
        assertThat(second.sequence()).isEqualTo(first.sequence() + 1);

        bundles.all().forEach(b -> bundles.remove(b.version()));
        clock.pass(Duration.ofHours(6));
        assertThat(published(BundleFixture.of("v3", "three")).sequence()).isGreaterThan(second.sequence());
    }

    @Test
    void onlyTheLastVersionsAndTheirPiecesStay() {
        BundleFixture one = BundleFixture.of("v1", "one");
        published(one);
        published(BundleFixture.of("v2", "two"));
        published(BundleFixture.of("v3", "three"));

        assertThat(publishing.list()).extracting(b -> b.version().value()).containsExactly("v3", "v2");
        Sha256 server = Sha256.of("one".getBytes(StandardCharsets.UTF_8));
        refused(ProblemType.NOT_FOUND, "is not here", () -> publishing.content(server));
        refused(ProblemType.NOT_FOUND, "is not kept", () -> publishing.rollBack(one.version(), ACTOR));
    }

    @Test
    void aVersionNeverReleasedIsForgottenAfterAWhile() {
        BundleFixture fixture = BundleFixture.of("v1", "one");
        begin(fixture);
        fixture.chunks.forEach(publishing::chunk);
        clock.pass(Duration.ofHours(23));
        publishing.cleanUp();
        assertThat(publishing.list()).hasSize(1);

        clock.pass(Duration.ofHours(2));
        publishing.cleanUp();

        assertThat(publishing.list()).isEmpty();
        assertThat(bundles.chunk(fixture.chunks.keySet().iterator().next())).isEmpty();
    }

    @Test
    void whatDoesNotFitIsRefusedWithWhatWouldFit() {
        BundleFixture fixture = BundleFixture.of("v1", "one");
        refused(
                ProblemType.UNPROCESSABLE,
                "(expected: at most 100000;",
                () -> begin(BundleFixture.ofLength("v9", 100_001)));
        refused(
                ProblemType.INVALID_VALUE,
                "expected: the manifest's, v1",
                () -> publishing.begin(new BundleVersion("v2"), fixture.json, ACTOR));
        refused(
                ProblemType.UNPROCESSABLE,
                "expected: 20200401, the char-server's",
                () -> begin(BundleFixture.ofPackets(20_211_103)));
        refused(
                ProblemType.UNPROCESSABLE,
                "manifest.json",
                () -> publishing.begin(new BundleVersion("v1"), "{}".getBytes(StandardCharsets.UTF_8), ACTOR));
    }

    @Test
    void aReleasedNameIsNotGivenToOtherContent() {
        published(BundleFixture.of("v1", "one"));

        refused(ProblemType.CONFLICT, "expected: a new name", () -> begin(BundleFixture.of("v1", "other")));
    }

    @Test
    void whoBeginsAVersionAnewTakesItFromTheOther() {
        BundleFixture mine = BundleFixture.of("v1", "mine");
        BundleFixture theirs = BundleFixture.of("v1", "theirs");
        begin(mine);
        begin(theirs);
        theirs.chunks.forEach(publishing::chunk);

        refused(
                ProblemType.CONFLICT,
                "somebody else began this version",
                () -> publishing.commit(mine.version(), mine.sha256(), ACTOR));
    }

    @Test
    void aPieceIsTakenOnlyIfItIsWhatItsNameSaysAndIsAskedFor() {
        BundleFixture fixture = BundleFixture.of("v1", "one");
        Sha256 name = fixture.chunks.keySet().iterator().next();
        refused(ProblemType.CONFLICT, "begun first", () -> publishing.chunk(name, fixture.chunks.get(name)));
        begin(fixture);
        refused(ProblemType.UNPROCESSABLE, "its SHA-256 is", () -> publishing.chunk(name, new byte[] {7}));
        refused(ProblemType.INVALID_VALUE, "1 to 1048576", () -> publishing.chunk(name, new byte[0]));
        assertThat(publishing.begin(fixture.version(), fixture.json, ACTOR)).contains(name);
    }

    @Test
    void tooManyVersionsAtOnceAreRefused() {
        for (int i = 0; i < 10; i++) {
            begin(BundleFixture.of("v" + i, "server " + i));
        }

        refused(ProblemType.CONFLICT, "10 versions are begun", () -> begin(BundleFixture.of("v10", "server")));
    }

    @Test
    void beforeTheFirstReleaseThereIsNone() {
        begin(BundleFixture.of("v1", "one"));

        refused(ProblemType.NOT_FOUND, "no bundle was released yet", publishing::current);
        refused(ProblemType.NOT_FOUND, "is not released", () -> publishing.manifest(new BundleVersion("v1")));
    }
}
