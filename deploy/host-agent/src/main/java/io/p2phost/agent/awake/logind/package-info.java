/** What systemd-logind can be asked for. */
@org.jspecify.annotations.NullMarked
package io.p2phost.agent.awake.logind;
