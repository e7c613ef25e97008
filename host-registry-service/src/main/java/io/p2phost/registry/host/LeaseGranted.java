package io.p2phost.registry.host;

import java.time.Duration;
import java.time.Instant;

/** A host's lease as it is told: by the registry's clock. */
public record LeaseGranted(Instant expiresAt, Duration heartbeatInterval) {}
