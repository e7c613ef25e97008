/** What this host runs maps from: fetched piece by piece, checked, and replaced as a whole. */
@NullMarked
package io.p2phost.agent.bundle;

import org.jspecify.annotations.NullMarked;
