package io.p2phost.contracts;

import java.util.Arrays;
import java.util.Optional;

/** The seven services: their id (in tokens, folders and logs), database schema (which is also the role) and usual port. */
public enum ServiceName {
    GATEWAY("gateway", "", 8080),
    HOST_REGISTRY("host-registry", "registry", 8081),
    MAP_ASSIGNMENT("map-assignment", "assignment", 8082),
    SECURITY_VALIDATOR("security-validator", "security", 8083),
    METRICS("metrics", "metrics", 8084),
    DB_PROXY("db-proxy", "gamedata", 8085),
    RELAY("relay", "relay", 8086);

    private final String id;
    private final String schema;
    private final int defaultPort;

    ServiceName(String id, String schema, int defaultPort) {
        this.id = id;
        this.schema = schema;
        this.defaultPort = defaultPort;
    }

    public String id() {
        return id;
    }

    /** The PostgreSQL schema and role; empty for the gateway, which stores nothing. */
    public String schema() {
        return schema;
    }

    public boolean hasSchema() {
        return !schema.isEmpty();
    }

    public int defaultPort() {
        return defaultPort;
    }

    /** Management (health, Prometheus) listens on the service's port + 1000 and is never published. */
    public int defaultManagementPort() {
        return defaultPort + 1000;
    }

    public static Optional<ServiceName> byId(String id) {
        return Arrays.stream(values()).filter(s -> s.id.equals(id)).findFirst();
    }

    @Override
    public String toString() {
        return id;
    }
}
