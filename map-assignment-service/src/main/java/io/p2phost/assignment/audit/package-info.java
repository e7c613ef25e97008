/** What must be answerable later. */
@NullMarked
package io.p2phost.assignment.audit;

import org.jspecify.annotations.NullMarked;
