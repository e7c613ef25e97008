/** Regions over HTTP. */
@NullMarked
package io.p2phost.metrics.region.web;

import org.jspecify.annotations.NullMarked;
