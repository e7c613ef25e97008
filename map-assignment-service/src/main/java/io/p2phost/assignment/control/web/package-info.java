/** Control over HTTP. */
@NullMarked
package io.p2phost.assignment.control.web;

import org.jspecify.annotations.NullMarked;
