/** Mutual TLS 1.3 of all links: one cipher, P-256 leaves, identities as URNs in the certificate, replaceable while running. */
@NullMarked
package io.p2phost.links.tls;

import org.jspecify.annotations.NullMarked;
