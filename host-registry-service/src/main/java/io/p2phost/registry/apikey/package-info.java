/** API keys of operators and game tools: issued once, kept as hashes, exchanged for short tokens. */
@NullMarked
package io.p2phost.registry.apikey;

import org.jspecify.annotations.NullMarked;
