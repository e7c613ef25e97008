/** The operator asks over HTTP. */
@NullMarked
package io.p2phost.assignment.whois.web;

import org.jspecify.annotations.NullMarked;
