/** The archive that players install; nothing but its tests is code here. */
@NullMarked
package io.p2phost.standalone.agent;

import org.jspecify.annotations.NullMarked;
