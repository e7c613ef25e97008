/** What a person sees while the suite starts, and the answer of {@code status}. */
@NullMarked
package io.p2phost.standalone.console;

import org.jspecify.annotations.NullMarked;
