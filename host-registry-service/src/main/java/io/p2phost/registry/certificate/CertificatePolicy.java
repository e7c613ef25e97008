package io.p2phost.registry.certificate;

import java.time.Duration;

/**
 * Lifetimes of certificates.
 *
 * @param backdating how long before its issue a leaf is already valid, for clocks that are behind
 */
public record CertificatePolicy(Duration leafLifetime, Duration authorityLifetime, Duration backdating) {}
