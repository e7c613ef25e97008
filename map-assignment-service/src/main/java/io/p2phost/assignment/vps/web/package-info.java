/** VPS map-servers over HTTP. */
@NullMarked
package io.p2phost.assignment.vps.web;

import org.jspecify.annotations.NullMarked;
