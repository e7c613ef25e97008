/** Measurements side by side with a named rival in one run; never timed assertions in a test. */
@NullMarked
package io.p2phost.bench;

import org.jspecify.annotations.NullMarked;
