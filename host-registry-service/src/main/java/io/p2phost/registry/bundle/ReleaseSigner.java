package io.p2phost.registry.bundle;

import io.p2phost.bundles.Release;
import io.p2phost.bundles.SignedRelease;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.refusal.Refused;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Signs releases with a key of its own. Hosts keep its public half from their enrolment on, so it does not turn over
 * with the keys that sign tokens.
 */
public class ReleaseSigner {
    private final ReleaseKeys store;
    private final InstantSource clock;
    private volatile @Nullable KeyPair key;

    public ReleaseSigner(ReleaseKeys store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Loads the key or makes it at the first start; of several instances that try, one wins. */
    public void initialise() {
        KeyPair loaded = store.load().orElse(null);
        if (loaded == null) {
            store.addIfAbsent(generate(), clock.instant());
            loaded = store.load().orElseThrow(() -> new IllegalStateException("bundle key: not stored"));
        }
        key = loaded;
    }

    /** What hosts keep to tell our releases from others'. */
    public PublicKey publicKey() {
        return current().getPublic();
    }

    SignedRelease sign(Release release) {
        return SignedRelease.sign(release, current().getPrivate());
    }

    private KeyPair current() {
        KeyPair loaded = key;
        if (loaded == null) {
            throw new Refused(ProblemType.UNAVAILABLE, "the key that signs bundles is not loaded yet");
        }
        return loaded;
    }

    private static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Ed25519 is part of every JDK since 15", e);
        }
    }
}
