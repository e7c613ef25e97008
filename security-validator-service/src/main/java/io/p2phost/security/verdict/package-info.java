/** From evidence to verdicts, strikes and blacklisting. */
@NullMarked
package io.p2phost.security.verdict;

import org.jspecify.annotations.NullMarked;
