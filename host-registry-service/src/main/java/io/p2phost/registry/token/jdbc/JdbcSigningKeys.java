package io.p2phost.registry.token.jdbc;

import io.p2phost.registry.crypto.Sealer;
import io.p2phost.registry.token.SigningKey;
import io.p2phost.registry.token.SigningKeys;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcSigningKeys implements SigningKeys {
    private static final String PURPOSE = "signing key";
    private static final long LOCK = 0x7032_706b_6579L;

    private final JdbcClient jdbc;
    private final Sealer sealer;

    JdbcSigningKeys(JdbcClient jdbc, Sealer sealer) {
        this.jdbc = jdbc;
        this.sealer = sealer;
    }

    @Override
    public List<SigningKey> newestFirst() {
        return jdbc.sql("select kid, public_key, sealed_private_key, created_at from signing_keys"
                        + " order by created_at desc, kid")
                .query((row, n) -> read(
                        row.getString(1),
                        row.getBytes(2),
                        row.getBytes(3),
                        row.getTimestamp(4).toInstant()))
                .list();
    }

    private SigningKey read(String kid, byte[] publicKey, byte[] sealed, Instant createdAt) {
        try {
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            return new SigningKey(
                    kid,
                    factory.generatePublic(new X509EncodedKeySpec(publicKey)),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(sealer.open(PURPOSE, sealed))),
                    createdAt);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing key " + kid + ": unreadable", e);
        }
    }

    @Override
    public void add(SigningKey key) {
        jdbc.sql("insert into signing_keys (kid, public_key, sealed_private_key, created_at) values (?, ?, ?, ?)")
                .params(
                        key.kid(),
                        key.publicKey().getEncoded(),
                        sealer.seal(PURPOSE, key.privateKey().getEncoded()),
                        Timestamp.from(key.createdAt()))
                .update();
    }

    @Override
    public void remove(String kid) {
        jdbc.sql("delete from signing_keys where kid = ?").params(kid).update();
    }

    @Override
    public void lock() {
        jdbc.sql("select pg_advisory_xact_lock(?)")
                .params(LOCK)
                .query((row, n) -> "")
                .single();
    }
}
