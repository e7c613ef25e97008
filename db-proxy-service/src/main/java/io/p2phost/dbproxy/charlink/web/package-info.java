/** What map-assignment asks of char links. */
@NullMarked
package io.p2phost.dbproxy.charlink.web;

import org.jspecify.annotations.NullMarked;
