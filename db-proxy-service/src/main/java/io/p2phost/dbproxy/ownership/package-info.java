/** Who owns a map in effect: one compare-and-set, first caller wins. */
@NullMarked
package io.p2phost.dbproxy.ownership;

import org.jspecify.annotations.NullMarked;
