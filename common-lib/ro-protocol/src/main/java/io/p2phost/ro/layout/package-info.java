/**
 * Where the fields of a server build's structures are: saved characters, items, status changes. They differ from build to
 * build, so a layout is data an operator can make from his own headers.
 */
@NullMarked
package io.p2phost.ro.layout;

import org.jspecify.annotations.NullMarked;
