package io.p2phost.registry.token;

import io.p2phost.registry.audit.AuditTrail;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;

/**
 * The suite's signing keys. The newest signs; the one before it is still published, so that tokens of the last hour
 * stay good through a rotation. Rotating twice makes every earlier token worthless, which is the way out of a stolen key.
 */
public class KeyRing {
    /** How many keys are published. */
    public static final int LIVE_KEYS = 2;

    private final SigningKeys store;
    private final AuditTrail audit;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Duration refreshAfter;
    private volatile @Nullable Snapshot snapshot;

    /**
     * Makes a ring.
     *
     * @param refreshAfter how long another instance's rotation may go unseen here
     */
    public KeyRing(
            SigningKeys store, AuditTrail audit, InstantSource clock, SecureRandom random, Duration refreshAfter) {
        this.store = store;
        this.audit = audit;
        this.clock = clock;
        this.random = random;
        this.refreshAfter = refreshAfter;
    }

    /** Makes the first key if there is none; several instances may start at once. */
    @Transactional
    public void initialise() {
        store.lock();
        if (store.newestFirst().isEmpty()) {
            store.add(generate(clock.instant()));
        }
    }

    /** Adds a key that signs from now on and drops all but the one before it. */
    @Transactional
    public SigningKey rotate(String actor) {
        store.lock();
        List<SigningKey> older = store.newestFirst();
        // The order of keys is the order of their times, whatever the clocks of two instances say.
        Instant afterAll =
                older.isEmpty() ? Instant.MIN : older.getFirst().createdAt().plusMillis(1);
        Instant now = clock.instant();
        SigningKey fresh = generate(now.isBefore(afterAll) ? afterAll : now);
        older.stream().skip(LIVE_KEYS - 1L).forEach(key -> store.remove(key.kid()));
        store.add(fresh);
        audit.record(actor, "signing-key.rotate", "signing-key:" + fresh.kid(), Map.of());
        return fresh;
    }

    /** The keys that are published, the signing one first. Read from the store at most once per refresh interval. */
    public List<SigningKey> live() {
        Snapshot known = snapshot;
        Instant now = clock.instant();
        if (known == null || !now.isBefore(known.readAt.plus(refreshAfter))) {
            known = read(now, known);
        }
        return known.keys;
    }

    /** The published keys as they are stored now. */
    public List<SigningKey> reload() {
        return read(clock.instant(), null).keys;
    }

    /** The key that signs. */
    public SigningKey signing() {
        return live().getFirst();
    }

    private Snapshot read(Instant now, @Nullable Snapshot fallback) {
        List<SigningKey> keys;
        try {
            keys = store.newestFirst().stream().limit(LIVE_KEYS).toList();
        } catch (RuntimeException e) {
            // The database is away: the keys of a moment ago are still the keys.
            if (fallback == null) {
                throw e;
            }
            return fallback;
        }
        if (keys.isEmpty()) {
            throw new IllegalStateException("signing keys: none (expected: made at the first start)");
        }
        Snapshot fresh = new Snapshot(keys, now);
        snapshot = fresh;
        return fresh;
    }

    private SigningKey generate(Instant createdAt) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            KeyPair pair = generator.generateKeyPair();
            byte[] id = new byte[8];
            random.nextBytes(id);
            return new SigningKey(HexFormat.of().formatHex(id), pair.getPublic(), pair.getPrivate(), createdAt);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Ed25519 is part of every JDK since 15", e);
        }
    }

    private record Snapshot(List<SigningKey> keys, Instant readAt) {}
}
