package io.p2phost.assignment.config;

/** What a machine must have at least to be in a tier (1 to 3). */
public record TierRequirement(int tier, double cpuGhz, int cpuCores, double ramGb, double networkMbps) {}
