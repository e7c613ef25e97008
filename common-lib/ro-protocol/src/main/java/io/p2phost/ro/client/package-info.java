/**
 * The packets between clients and map-servers: their lengths by client version, and views of those a relay reads or
 * writes.
 */
@NullMarked
package io.p2phost.ro.client;

import org.jspecify.annotations.NullMarked;
