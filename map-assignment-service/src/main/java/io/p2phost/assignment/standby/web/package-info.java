/** Assignments with their standbys over HTTP. */
@NullMarked
package io.p2phost.assignment.standby.web;

import org.jspecify.annotations.NullMarked;
