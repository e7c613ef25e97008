package io.p2phost.links.tls;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;

/** What is asked of certificates beyond their chain. */
final class Certificates {
    private static final int P256_BITS = 256;
    private static final int P256_COFACTOR = 1;

    private Certificates() {}

    /** Whether the key is on a 256-bit curve; the JDK's TLS 1.3 knows no other of that size than P-256. */
    static boolean isP256(PublicKey key) {
        return key instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField().getFieldSize() == P256_BITS
                && ec.getParams().getCofactor() == P256_COFACTOR;
    }
}
