/** Ed25519 host keys and the sealing of secrets that rest in the database. */
@NullMarked
package io.p2phost.registry.crypto;

import org.jspecify.annotations.NullMarked;
