/** Rare items that hosts' maps gave to players, until somebody or time confirms them. */
@NullMarked
package io.p2phost.dbproxy.quarantine;

import org.jspecify.annotations.NullMarked;
