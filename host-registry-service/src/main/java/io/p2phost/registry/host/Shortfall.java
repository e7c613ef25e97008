package io.p2phost.registry.host;

/** One thing of which a machine has too little. */
public record Shortfall(String requirement, double required, double actual) {}
