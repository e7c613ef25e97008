package io.p2phost.registry.bundle.jdbc;

import io.p2phost.registry.bundle.ReleaseKeys;
import io.p2phost.registry.crypto.Sealer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcReleaseKeys implements ReleaseKeys {
    private static final String PURPOSE = "bundle key";

    private final JdbcClient jdbc;
    private final Sealer sealer;

    JdbcReleaseKeys(JdbcClient jdbc, Sealer sealer) {
        this.jdbc = jdbc;
        this.sealer = sealer;
    }

    @Override
    public Optional<KeyPair> load() {
        return jdbc.sql("select public_key, sealed_private_key from bundle_key where id = 1")
                .query((row, n) -> read(row.getBytes(1), row.getBytes(2)))
                .optional();
    }

    private KeyPair read(byte[] publicKey, byte[] sealed) {
        try {
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(publicKey)),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(sealer.open(PURPOSE, sealed))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("bundle key: the stored one is unreadable", e);
        }
    }

    @Override
    public void addIfAbsent(KeyPair key, Instant now) {
        jdbc.sql("insert into bundle_key (id, public_key, sealed_private_key, created_at) values (1, ?, ?, ?)"
                        + " on conflict do nothing")
                .params(
                        key.getPublic().getEncoded(),
                        sealer.seal(PURPOSE, key.getPrivate().getEncoded()),
                        Timestamp.from(now))
                .update();
    }
}
