/** The simulated map-server as a program that is started, told and ended as rAthena's own is. */
@NullMarked
package io.p2phost.ro.sim.stock;

import org.jspecify.annotations.NullMarked;
