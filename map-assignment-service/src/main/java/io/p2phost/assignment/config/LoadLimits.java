package io.p2phost.assignment.config;

/** Loads in percent above which a host is given no further map. */
public record LoadLimits(double cpuPercent, double memoryPercent, double networkPercent) {}
