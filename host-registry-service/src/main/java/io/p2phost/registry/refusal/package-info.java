/** A refusal as the core states it: problem type and a sentence with value and expectation. */
@NullMarked
package io.p2phost.registry.refusal;

import org.jspecify.annotations.NullMarked;
