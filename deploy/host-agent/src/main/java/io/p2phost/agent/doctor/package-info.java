/** Why this machine may or may not be a host, requirement by requirement. */
@NullMarked
package io.p2phost.agent.doctor;

import org.jspecify.annotations.NullMarked;
