package io.p2phost.relay.player;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A player as his relay sees him at one moment, for its operator.
 *
 * @param address where he comes from
 * @param number of his session
 * @param to the map-server that he is with or being connected to; nobody while he has none
 * @param connected since when his connection stands
 */
public record PlayerView(
        int account,
        String address,
        String phase,
        long number,
        @Nullable Destination to,
        Duration connected) {}
