/** The packaged suite from outside: processes, ports and the public API; nothing of its code. */
@NullMarked
package io.p2phost.e2e;

import org.jspecify.annotations.NullMarked;
