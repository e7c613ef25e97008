/** Host history over HTTP. */
@NullMarked
package io.p2phost.metrics.history.web;

import org.jspecify.annotations.NullMarked;
