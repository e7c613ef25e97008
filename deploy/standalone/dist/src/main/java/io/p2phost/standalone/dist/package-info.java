/** The packaged suite, tested as a user has it: through {@code ./p2p}, as processes. */
@NullMarked
package io.p2phost.standalone.dist;

import org.jspecify.annotations.NullMarked;
