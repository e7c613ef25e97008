package io.p2phost.bench;

import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.TlsMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;

/** A key and certificates as files, for a process of a measurement. */
final class TlsFolder {
    private static final String KEY = "key.pem";
    private static final String CERTIFICATE = "cert.pem";
    private static final String AUTHORITY = "ca.pem";

    private TlsFolder() {}

    static void write(Path folder, TlsMaterial material) throws IOException, CertificateEncodingException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(KEY),
                TestAuthority.pem("PRIVATE KEY", material.key().getEncoded()));
        Files.writeString(
                folder.resolve(CERTIFICATE), TestAuthority.pem(material.chain().getFirst()));
        Files.writeString(
                folder.resolve(AUTHORITY),
                TestAuthority.pem(material.authorities().getFirst()));
    }

    static TlsMaterial read(Path folder) throws IOException {
        return TlsMaterial.ofPem(
                Files.readString(folder.resolve(KEY)),
                Files.readString(folder.resolve(CERTIFICATE)),
                Files.readString(folder.resolve(AUTHORITY)));
    }
}
