/** The suite's state over HTTP. */
@NullMarked
package io.p2phost.assignment.status.web;

import org.jspecify.annotations.NullMarked;
