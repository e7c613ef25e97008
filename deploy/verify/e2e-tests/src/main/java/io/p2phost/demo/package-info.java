/** {@code ./p2p demo}: the main job told as a story on a running suite, every step checked from outside. */
@NullMarked
package io.p2phost.demo;

import org.jspecify.annotations.NullMarked;
