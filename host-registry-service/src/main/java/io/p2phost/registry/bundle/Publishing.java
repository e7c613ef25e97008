package io.p2phost.registry.bundle;

import io.p2phost.bundles.BundleException;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Chunks;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.Release;
import io.p2phost.bundles.Sha256;
import io.p2phost.bundles.SignedRelease;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.audit.AuditTrail;
import io.p2phost.registry.refusal.Refused;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;

/**
 * How a version comes to the hosts: it is begun with its manifest, its missing pieces are brought, then it is released.
 * Going back is a new release of an older version, because hosts take no lower sequence than they have seen.
 */
public class Publishing {
    /** Each holds up to its whole size; an operator has one or two under way. */
    private static final int MAX_DRAFTS = 10;

    private static final String CLEANER = "service:host-registry";

    private final Bundles bundles;
    private final ReleaseSigner signer;
    private final AuditTrail audit;
    private final BundlePolicy policy;
    private final InstantSource clock;
    private final AtomicReference<@Nullable ReleasedMaps> lastRead = new AtomicReference<>();

    public Publishing(
            Bundles bundles, ReleaseSigner signer, AuditTrail audit, BundlePolicy policy, InstantSource clock) {
        this.bundles = bundles;
        this.signer = signer;
        this.audit = audit;
        this.policy = policy;
        this.clock = clock;
    }

    /**
     * Begins a version, or goes on with it: an unreleased one of the same name is replaced.
     *
     * @return the names of the pieces that are not here
     */
    @Transactional
    public List<Sha256> begin(BundleVersion version, byte[] json, String actor) {
        Manifest manifest = parse(version, json);
        Sha256 sha256 = Sha256.of(json);
        bundles.lock();
        clean();
        Bundle known = bundles.byVersion(version).orElse(null);
        if (known != null && known.manifestSha256().equals(sha256)) {
            return bundles.missing(version);
        }
        if (known != null && known.released() != null) {
            throw new Refused(
                    ProblemType.CONFLICT,
                    "version: " + version + " was released with another manifest (expected: a new name)");
        }
        requireFewDrafts(known);
        bundles.begin(
                new Bundle(
                        version,
                        sha256,
                        new Bundle.Content(
                                manifest.packetVersion(),
                                manifest.maps().size(),
                                manifest.files().size(),
                                manifest.totalBytes()),
                        actor,
                        clock.instant(),
                        null),
                manifest,
                json);
        if (known != null) {
            bundles.removeUnnamedChunks();
        }
        long bytes = bundles.namedBytes();
        if (bytes > policy.maxTotalBytes()) {
            throw new Refused(
                    ProblemType.UNPROCESSABLE,
                    "all versions together: " + bytes + " bytes (expected: at most " + policy.maxTotalBytes()
                            + "; p2p.registry.bundle.max-total, keep-versions)");
        }
        List<Sha256> missing = bundles.missing(version);
        audit.record(
                actor,
                "bundle.begin",
                "bundle:" + version,
                Map.of("manifestSha256", sha256.hex(), "missing", Integer.toString(missing.size())));
        return missing;
    }

    private Manifest parse(BundleVersion version, byte[] json) {
        Manifest manifest;
        try {
            manifest = Manifest.read(json);
        } catch (BundleException e) {
            throw new Refused(ProblemType.UNPROCESSABLE, String.valueOf(e.getMessage()));
        }
        if (!manifest.version().equals(version)) {
            throw new Refused(
                    ProblemType.INVALID_VALUE,
                    "version: " + version + " (expected: the manifest's, " + manifest.version() + ")");
        }
        if (manifest.packetVersion() != policy.packetVersion()) {
            throw new Refused(
                    ProblemType.UNPROCESSABLE,
                    "packetVersion: " + manifest.packetVersion() + " (expected: " + policy.packetVersion()
                            + ", the char-server's; p2p.registry.bundle.packet-version)");
        }
        return manifest;
    }

    private void requireFewDrafts(@Nullable Bundle replaced) {
        long drafts = bundles.all().stream().filter(b -> b.released() == null).count();
        if (replaced == null && drafts >= MAX_DRAFTS) {
            throw new Refused(
                    ProblemType.CONFLICT,
                    drafts + " versions are begun and not released (expected: fewer than " + MAX_DRAFTS
                            + "; they are forgotten after " + policy.draftLifetime() + ")");
        }
    }

    /** Takes one piece. */
    @Transactional
    public void chunk(Sha256 name, byte[] content) {
        if (content.length == 0 || content.length > Chunks.BYTES) {
            throw new Refused(
                    ProblemType.INVALID_VALUE,
                    "chunk: " + content.length + " bytes (expected: 1 to " + Chunks.BYTES + ")");
        }
        Sha256 found = Sha256.of(content);
        if (!found.equals(name)) {
            throw new Refused(
                    ProblemType.UNPROCESSABLE, "chunk: its SHA-256 is " + found + " (expected: " + name + ")");
        }
        if (!bundles.addChunk(name, content, clock.instant())) {
            throw new Refused(
                    ProblemType.CONFLICT,
                    "chunk: " + name + " with " + content.length
                            + " bytes is no piece of any version (expected: begun first)");
        }
    }

    /**
     * Releases a version that is here whole. Asked again after a lost answer, it says the same.
     *
     * @param manifestSha256 the manifest that the caller brought: another may have begun the version anew meanwhile
     */
    @Transactional
    public Bundle commit(BundleVersion version, Sha256 manifestSha256, String actor) {
        bundles.lock();
        Bundle bundle = find(version);
        if (!bundle.manifestSha256().equals(manifestSha256)) {
            throw new Refused(
                    ProblemType.CONFLICT,
                    "manifestSha256: " + manifestSha256 + " (expected: " + bundle.manifestSha256()
                            + "; somebody else began this version)");
        }
        Bundle.Released released = bundle.released();
        if (released != null) {
            if (released.signed().equals(bundles.current().orElse(null))) {
                return bundle;
            }
            throw new Refused(
                    ProblemType.CONFLICT, "version: " + version + " was released before (expected: a roll-back to it)");
        }
        int missing = bundles.missing(version).size();
        if (missing > 0) {
            throw new Refused(
                    ProblemType.CONFLICT,
                    "version: " + version + ": " + missing + " chunks are missing (expected: none)");
        }
        return release(bundle, actor, "bundle.release");
    }

    /** Releases a version again that was released before. */
    @Transactional
    public Bundle rollBack(BundleVersion version, String actor) {
        bundles.lock();
        Bundle bundle = find(version);
        Bundle.Released released = bundle.released();
        if (released == null) {
            throw new Refused(
                    ProblemType.CONFLICT, "version: " + version + " was never released (expected: one that hosts had)");
        }
        if (released.signed().equals(bundles.current().orElse(null))) {
            return bundle;
        }
        return release(bundle, actor, "bundle.roll-back");
    }

    private Bundle release(Bundle bundle, String actor, String action) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        long last = bundles.current().map(s -> s.release().sequence()).orElse(0L);
        // Above the last, and above it also when the database was put back to a backup that does not know the last.
        long sequence = Math.max(last + 1, now.getEpochSecond());
        SignedRelease signed = signer.sign(new Release(bundle.version(), sequence, now, bundle.manifestSha256()));
        Bundle released = bundle.released(signed, actor);
        bundles.release(released);
        audit.record(
                actor,
                action,
                "bundle:" + bundle.version(),
                Map.of(
                        "sequence", Long.toString(sequence),
                        "manifestSha256", bundle.manifestSha256().hex()));
        clean();
        return released;
    }

    private Bundle find(BundleVersion version) {
        return bundles.byVersion(version)
                .orElseThrow(() -> new Refused(
                        ProblemType.NOT_FOUND, "version: " + version + " is not kept (expected: one of the list)"));
    }

    /** Forgets what is not kept any more. */
    @Transactional
    public void cleanUp() {
        bundles.lock();
        clean();
        // A piece may come in the moment in which its version is forgotten.
        bundles.removeUnnamedChunks();
    }

    private void clean() {
        Instant begunBefore = clock.instant().minus(policy.draftLifetime());
        int released = 0;
        boolean removed = false;
        for (Bundle bundle : bundles.all()) {
            boolean kept = bundle.released() == null
                    ? bundle.begunAt().isAfter(begunBefore)
                    : ++released <= policy.keepVersions();
            if (!kept) {
                bundles.remove(bundle.version());
                audit.record(CLEANER, "bundle.forget", "bundle:" + bundle.version(), Map.of());
                removed = true;
            }
        }
        if (removed) {
            bundles.removeUnnamedChunks();
        }
    }

    @Transactional(readOnly = true)
    public List<Bundle> list() {
        return bundles.all();
    }

    /** The release that hosts are to run. */
    @Transactional(readOnly = true)
    public SignedRelease current() {
        return bundles.current().orElseThrow(() -> new Refused(ProblemType.NOT_FOUND, "no bundle was released yet"));
    }

    /** The maps of that release; empty when there was none yet. */
    @Transactional(readOnly = true)
    public Optional<ReleasedMaps> releasedMaps() {
        Release release = bundles.current().map(SignedRelease::release).orElse(null);
        if (release == null) {
            return Optional.empty();
        }
        ReleasedMaps maps = lastRead.get();
        if (maps == null || !maps.manifestSha256().equals(release.manifestSha256())) {
            // A version keeps its manifest: it need not be read each time somebody asks.
            Manifest manifest = Manifest.read(manifest(release.version()));
            maps = new ReleasedMaps(
                    release.version(), release.manifestSha256(), manifest.maps().keySet());
            lastRead.set(maps);
        }
        return Optional.of(maps);
    }

    @Transactional(readOnly = true)
    public byte[] manifest(BundleVersion version) {
        return bundles.releasedManifest(version)
                .orElseThrow(() -> new Refused(ProblemType.NOT_FOUND, "version: " + version + " is not released"));
    }

    @Transactional(readOnly = true)
    public byte[] content(Sha256 chunk) {
        return bundles.chunk(chunk)
                .orElseThrow(() -> new Refused(ProblemType.NOT_FOUND, "chunk: " + chunk + " is not here"));
    }
}
