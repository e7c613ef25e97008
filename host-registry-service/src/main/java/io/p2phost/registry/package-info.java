/** The suite's only issuer of identities, and the judge of which hosts are there: keys, tokens, certificates, sessions, leases. */
@NullMarked
package io.p2phost.registry;

import org.jspecify.annotations.NullMarked;
