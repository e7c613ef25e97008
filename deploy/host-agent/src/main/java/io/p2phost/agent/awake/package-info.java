/** Keeps the machine awake while players are here, and has its maps handed over before it sleeps. */
@org.jspecify.annotations.NullMarked
package io.p2phost.agent.awake;
