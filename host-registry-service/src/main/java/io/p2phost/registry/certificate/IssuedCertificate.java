package io.p2phost.registry.certificate;

import java.time.Instant;

/**
 * A new leaf.
 *
 * @param certificate PEM
 * @param caBundle PEM of the authorities to trust
 */
public record IssuedCertificate(String certificate, String caBundle, Instant notAfter) {}
