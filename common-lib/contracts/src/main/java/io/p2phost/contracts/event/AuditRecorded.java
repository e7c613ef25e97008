package io.p2phost.contracts.event;

import java.util.Map;

/**
 * Something that must be answerable later (topic {@code p2p.audit.v1}, key actor).
 *
 * @param actor who: {@code key:<id>}, {@code host:<id>}, {@code service:<id>}
 * @param action what, e.g. {@code host.blacklist}, {@code char-link.refused}
 * @param subject on what, e.g. {@code host:<id>} or {@code map:<name>}
 * @param outcome {@code ok} or the reason of a refusal
 */
public record AuditRecorded(String actor, String action, String subject, String outcome, Map<String, String> detail) {
    public static final String TYPE = "AuditRecorded";
}
