/** Audit entries over HTTP. */
@NullMarked
package io.p2phost.metrics.audit.web;

import org.jspecify.annotations.NullMarked;
