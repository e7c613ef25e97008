/** VPS map-servers in PostgreSQL. */
@NullMarked
package io.p2phost.assignment.vps.jpa;

import org.jspecify.annotations.NullMarked;
