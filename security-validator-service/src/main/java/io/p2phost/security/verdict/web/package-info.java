/** Read-out of verdicts and intake of observations over HTTP. */
@NullMarked
package io.p2phost.security.verdict.web;

import org.jspecify.annotations.NullMarked;
