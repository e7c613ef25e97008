/** Finds as operators see them. */
@NullMarked
package io.p2phost.dbproxy.quarantine.web;

import org.jspecify.annotations.NullMarked;
