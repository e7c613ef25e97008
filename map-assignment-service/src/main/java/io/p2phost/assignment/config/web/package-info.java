/** The operator's files over HTTP. */
@NullMarked
package io.p2phost.assignment.config.web;

import org.jspecify.annotations.NullMarked;
