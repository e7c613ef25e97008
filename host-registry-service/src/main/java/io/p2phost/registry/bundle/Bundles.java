package io.p2phost.registry.bundle;

import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.Sha256;
import io.p2phost.bundles.SignedRelease;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The stored versions and their pieces. Pieces are shared by all versions that name them. */
public interface Bundles {
    /** Lets one caller at a time begin, release and clean up, until the transaction ends. */
    void lock();

    Optional<Bundle> byVersion(BundleVersion version);

    /** All versions: those never released first, the newest; then by release, the newest first. */
    List<Bundle> all();

    /** The newest release. */
    Optional<SignedRelease> current();

    /** The bytes of a released version's manifest, as they came. */
    Optional<byte[]> releasedManifest(BundleVersion version);

    /** Adds a version with the pieces that it names, in place of an unreleased one of the same name. */
    void begin(Bundle bundle, Manifest manifest, byte[] manifestBytes);

    /** Notes a version's newest release. */
    void release(Bundle bundle);

    void remove(BundleVersion version);

    /** Pieces of a version that are not here, in order. */
    List<Sha256> missing(BundleVersion version);

    /**
     * Stores a piece that some version names; storing it twice is no fault.
     *
     * @return false if no version names a piece of this name and length
     */
    boolean addChunk(Sha256 name, byte[] content, Instant now);

    Optional<byte[]> chunk(Sha256 name);

    /** How many bytes all pieces that some version names have together, each counted once. */
    long namedBytes();

    /** What is here now; pieces that several versions name count once. */
    Kept kept();

    /**
     * How much is kept.
     *
     * @param releases versions that were released
     * @param drafts versions that were begun and not released
     */
    record Kept(long releases, long drafts, long chunks, long bytes) {}

    /** Removes the pieces that no version names. */
    int removeUnnamedChunks();
}
