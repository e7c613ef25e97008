package io.p2phost.registry.apikey;

import java.time.Duration;

/**
 * How keys are used.
 *
 * @param lastUseInterval a key's last use is written at most this often
 * @param maxLifetime longest time to live that may be asked for
 */
public record ApiKeyPolicy(Duration lastUseInterval, Duration maxLifetime) {}
