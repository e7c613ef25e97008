/** The suite's signing keys, the tokens made with them, and the assertions hosts exchange for one. */
@NullMarked
package io.p2phost.registry.token;

import org.jspecify.annotations.NullMarked;
