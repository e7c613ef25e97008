package io.p2phost.contracts.event;

import java.util.List;

/** Names of the Kafka topics. State topics are compacted and can be rebuilt from their owner's tables. */
public final class Topics {
    public static final String HOST_STATE = "p2p.host-state.v1";
    public static final String HOST_HEARTBEATS = "p2p.host-heartbeats.v1";
    public static final String ASSIGNMENTS = "p2p.assignments.v1";
    public static final String MAP_CATALOGUE = "p2p.map-catalogue.v1";
    public static final String OBSERVATIONS = "p2p.observations.v1";
    public static final String VERDICTS = "p2p.verdicts.v1";
    public static final String RELAY_SESSIONS = "p2p.relay-sessions.v1";
    public static final String VPS_STATUS = "p2p.vps-status.v1";
    public static final String AUDIT = "p2p.audit.v1";

    /** Topics whose newest record per key is the state. */
    public static final List<String> COMPACTED = List.of(HOST_STATE, ASSIGNMENTS, MAP_CATALOGUE, VPS_STATUS);

    public static final List<String> ALL = List.of(
            HOST_STATE,
            HOST_HEARTBEATS,
            ASSIGNMENTS,
            MAP_CATALOGUE,
            OBSERVATIONS,
            VERDICTS,
            RELAY_SESSIONS,
            VPS_STATUS,
            AUDIT);

    private static final String DEAD_LETTER_SUFFIX = ".dlt";

    private Topics() {}

    /** Where records go that a consumer could not handle. */
    public static String deadLetter(String topic) {
        return topic + DEAD_LETTER_SUFFIX;
    }
}
