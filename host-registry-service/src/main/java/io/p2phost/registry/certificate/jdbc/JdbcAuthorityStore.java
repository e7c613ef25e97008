package io.p2phost.registry.certificate.jdbc;

import io.p2phost.registry.certificate.Authority;
import io.p2phost.registry.certificate.AuthorityStore;
import io.p2phost.registry.crypto.Sealer;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcAuthorityStore implements AuthorityStore {
    private static final String PURPOSE = "certificate authority key";

    private final JdbcClient jdbc;
    private final Sealer sealer;

    JdbcAuthorityStore(JdbcClient jdbc, Sealer sealer) {
        this.jdbc = jdbc;
        this.sealer = sealer;
    }

    @Override
    public Optional<Authority> load() {
        return jdbc.sql("select certificate, sealed_private_key from certificate_authority where id = 1")
                .query((row, n) -> read(row.getBytes(1), row.getBytes(2)))
                .optional();
    }

    private Authority read(byte[] certificate, byte[] sealed) {
        try {
            X509Certificate parsed = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
            return new Authority(
                    parsed,
                    KeyFactory.getInstance("EC")
                            .generatePrivate(new PKCS8EncodedKeySpec(sealer.open(PURPOSE, sealed))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificate authority: the stored one is unreadable", e);
        }
    }

    @Override
    public boolean addIfAbsent(Authority authority, Instant now) {
        try {
            return jdbc.sql("insert into certificate_authority (id, certificate, sealed_private_key, created_at)"
                                    + " values (1, ?, ?, ?) on conflict do nothing")
                            .params(
                                    authority.certificate().getEncoded(),
                                    sealer.seal(PURPOSE, authority.key().getEncoded()),
                                    Timestamp.from(now))
                            .update()
                    == 1;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificate authority: cannot be written", e);
        }
    }
}
