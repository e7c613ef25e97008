/** db-proxy is told over HTTP. */
@NullMarked
package io.p2phost.assignment.carry.net;

import org.jspecify.annotations.NullMarked;
