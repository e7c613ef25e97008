/** The operator asks over HTTP. */
@NullMarked
package io.p2phost.assignment.carry.web;

import org.jspecify.annotations.NullMarked;
