package io.p2phost.assignment.status;

import io.p2phost.contracts.ServiceName;
import java.util.Map;

/**
 * How one service is.
 *
 * @param state UP, DEGRADED or DOWN
 * @param parts what it needs, each UP or one sentence of what is wrong
 */
public record ServiceState(ServiceName service, String state, Map<String, String> parts) {
    public static final String UP = "UP";
    public static final String DOWN = "DOWN";

    public ServiceState {
        parts = Map.copyOf(parts);
    }
}
