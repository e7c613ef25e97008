/** db-proxy: arbiter of map ownership and guard of what hosts write. */
@NullMarked
package io.p2phost.dbproxy;

import org.jspecify.annotations.NullMarked;
