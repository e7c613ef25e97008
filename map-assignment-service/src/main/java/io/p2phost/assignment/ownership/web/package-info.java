/** Assignments and readiness over HTTP. */
@NullMarked
package io.p2phost.assignment.ownership.web;

import org.jspecify.annotations.NullMarked;
