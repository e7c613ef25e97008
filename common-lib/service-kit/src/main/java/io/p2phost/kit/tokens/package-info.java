/** Signed tokens (EdDSA only): those the registry issues to callers and those services sign for each other. */
@NullMarked
package io.p2phost.kit.tokens;

import org.jspecify.annotations.NullMarked;
