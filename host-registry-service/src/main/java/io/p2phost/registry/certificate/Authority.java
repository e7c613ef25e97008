package io.p2phost.registry.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** The suite's certificate authority. Its key never leaves the registry. */
public record Authority(X509Certificate certificate, PrivateKey key) {
    @Override
    public String toString() {
        return "Authority[" + certificate.getSerialNumber() + "]";
    }
}
