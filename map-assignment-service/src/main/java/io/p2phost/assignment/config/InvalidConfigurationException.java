package io.p2phost.assignment.config;

/** Stored or packaged files have faults: the service does not start with them. The message names each fault. */
public final class InvalidConfigurationException extends RuntimeException {
    public InvalidConfigurationException(Reading.Refused refused) {
        super("configuration:\n" + refused.text());
    }
}
