package io.p2phost.standalone.suite;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every port of a suite. One offset moves them all, so that several suites run side by side.
 *
 * @param offset added to each usual port
 */
public record PortPlan(int offset) {
    /** Largest offset that keeps the highest port below 65536. */
    public static final int MAX_OFFSET = 46_000;

    private static final int POSTGRESQL = 15432;
    private static final int KAFKA = 19092;
    private static final int KAFKA_CONTROLLER = 19093;
    private static final int CHAR_LINKS = 5122;
    private static final int VPS_SIDE = 5123;
    private static final int TUNNELS = 7443;
    private static final int FRONT = 7000;
    private static final int CHAR_SERVER = 6121;

    public PortPlan {
        if (offset < 0 || offset > MAX_OFFSET) {
            throw new IllegalArgumentException(offset + " (expected: 0.." + MAX_OFFSET + ")");
        }
    }

    /** Reads the value of {@code --port-offset}. */
    public static PortPlan parse(String offset) throws Refusal {
        try {
            return new PortPlan(Integer.parseInt(offset));
        } catch (IllegalArgumentException e) {
            throw new Refusal("--port-offset: " + offset + " (expected: a number from 0 to " + MAX_OFFSET + ").", e);
        }
    }

    public int http(ServiceName service) {
        return service.defaultPort() + offset;
    }

    public int management(ServiceName service) {
        return service.defaultManagementPort() + offset;
    }

    public int postgresql() {
        return POSTGRESQL + offset;
    }

    public int kafka() {
        return KAFKA + offset;
    }

    public int kafkaController() {
        return KAFKA_CONTROLLER + offset;
    }

    /** Where hosts' char links arrive at db-proxy. */
    public int charLinks() {
        return CHAR_LINKS + offset;
    }

    /** Where the VPS's own map-servers connect to db-proxy. */
    public int vpsSide() {
        return VPS_SIDE + offset;
    }

    /** Where hosts' tunnels arrive at the relay. */
    public int tunnels() {
        return TUNNELS + offset;
    }

    /** Where players connect to the relay. */
    public int front() {
        return FRONT + offset;
    }

    /** Where db-proxy looks for the char-server; it is the operator's, so it may run already. */
    public int charServer() {
        return CHAR_SERVER + offset;
    }

    /** The ports that must be free before a start, and the part that listens on each. */
    public Map<Integer, String> owners() {
        Map<Integer, String> owners = new LinkedHashMap<>();
        owners.put(postgresql(), "PostgreSQL");
        owners.put(kafka(), "Kafka");
        owners.put(kafkaController(), "Kafka's controller");
        for (ServiceName service : ServiceName.values()) {
            owners.put(http(service), service.id());
            owners.put(management(service), service.id() + "'s management");
        }
        owners.put(charLinks(), "db-proxy's char links");
        owners.put(vpsSide(), "db-proxy's VPS side");
        owners.put(tunnels(), "relay's tunnels");
        owners.put(front(), "relay's front");
        return owners;
    }
}
