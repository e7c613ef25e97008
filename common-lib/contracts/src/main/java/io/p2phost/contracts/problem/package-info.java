/** The refusals of the suite's HTTP interfaces as RFC 9457 problem types. */
@NullMarked
package io.p2phost.contracts.problem;

import org.jspecify.annotations.NullMarked;
