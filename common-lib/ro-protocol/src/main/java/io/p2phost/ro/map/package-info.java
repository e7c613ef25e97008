/** Maps as the server's files have them. */
@NullMarked
package io.p2phost.ro.map;

import org.jspecify.annotations.NullMarked;
