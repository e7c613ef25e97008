package io.p2phost.agent.serving;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What tunnels and char links authenticate with.
 *
 * @param chain the leaf first
 * @param authorities whom to trust as relay or db-proxy
 */
public record LinkCredentials(
        PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities, Instant notAfter) {}
