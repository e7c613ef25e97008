/** Reports of lost hosts over HTTP. */
@NullMarked
package io.p2phost.assignment.failover.web;

import org.jspecify.annotations.NullMarked;
