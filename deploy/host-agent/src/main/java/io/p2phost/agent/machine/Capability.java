package io.p2phost.agent.machine;

/**
 * What this machine can do, as measured; nothing is rounded up, guessed or set by hand.
 *
 * @param cpuGhz highest clock the processor reports, in GHz
 * @param cpuCores physical cores that the operating system shows (logical ones where it does not tell them apart)
 * @param ramGb all memory the operating system has, in GB of 10^9 bytes, one decimal, rounded down
 * @param networkMbps speed of the link that leads to the server, in Mbit/s; 0 where the driver does not tell it
 * @param os name and version
 */
public record Capability(double cpuGhz, int cpuCores, double ramGb, double networkMbps, String os) {}
