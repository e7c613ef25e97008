/** HTTP calls for tokens, public keys and key rotation. */
@NullMarked
package io.p2phost.registry.token.web;

import org.jspecify.annotations.NullMarked;
