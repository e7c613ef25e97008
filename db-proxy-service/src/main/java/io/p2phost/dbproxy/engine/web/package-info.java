/** Players who enter, and what relays see of them. */
@NullMarked
package io.p2phost.dbproxy.engine.web;

import org.jspecify.annotations.NullMarked;
