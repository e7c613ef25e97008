/** rAthena's protocols as bytes: whole packets, their lengths, and what cuts a stream into them. */
@NullMarked
package io.p2phost.ro;

import org.jspecify.annotations.NullMarked;
