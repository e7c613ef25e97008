/** What the operator's own rAthena files say is true: monsters, items, skills, spawns. */
@NullMarked
package io.p2phost.security.reference;

import org.jspecify.annotations.NullMarked;
