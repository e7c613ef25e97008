package io.p2phost.agent.machine;

/**
 * How busy this machine is since the last sample, in percent of the whole machine or link.
 *
 * @param packetLossPercent TCP segments that had to be sent again, of all that were sent
 */
public record Load(double cpuPercent, double memoryPercent, double networkPercent, double packetLossPercent) {}
