/** Judges what relay and db-proxy saw of a host, and counts its strikes. */
@NullMarked
package io.p2phost.security;

import org.jspecify.annotations.NullMarked;
