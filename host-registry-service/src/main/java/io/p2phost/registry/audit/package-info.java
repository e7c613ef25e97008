/** What operators and the suite did to hosts and keys, recorded with the change itself. */
@NullMarked
package io.p2phost.registry.audit;

import org.jspecify.annotations.NullMarked;
