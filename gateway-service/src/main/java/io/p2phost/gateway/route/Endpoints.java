package io.p2phost.gateway.route;

import static io.p2phost.contracts.ServiceName.DB_PROXY;
import static io.p2phost.contracts.ServiceName.HOST_REGISTRY;
import static io.p2phost.contracts.ServiceName.MAP_ASSIGNMENT;
import static io.p2phost.contracts.ServiceName.METRICS;
import static io.p2phost.contracts.ServiceName.SECURITY_VALIDATOR;

import io.p2phost.contracts.ServiceName;
import io.p2phost.gateway.route.Endpoint.Row;
import io.p2phost.gateway.route.Endpoint.Traits;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The table of public endpoints: the first word below {@code /api/v1} decides the service, a row decides who passes. A
 * path of a known word without a row passes by the general rule (staff may look, operators may change), so that a
 * service can add to its own interface; hosts and players pass only where a row says so.
 */
public final class Endpoints {
    public static final String BASE = "/api/v1";

    /** Methods that are passed on at all. */
    public static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    private static final Pattern FIRST_WORD = Pattern.compile("/([a-z0-9-]{1,40})(?:[/:].*)?");

    private static final Map<String, ServiceName> OWNERS = Map.ofEntries(
            Map.entry("enrolments", HOST_REGISTRY),
            Map.entry("auth", HOST_REGISTRY),
            Map.entry("hosts", HOST_REGISTRY),
            Map.entry("api-keys", HOST_REGISTRY),
            Map.entry("signing-keys", HOST_REGISTRY),
            Map.entry("relays", HOST_REGISTRY),
            Map.entry("bundles", HOST_REGISTRY),
            Map.entry("bundle-release", HOST_REGISTRY),
            Map.entry("bundle-chunks", HOST_REGISTRY),
            Map.entry("maps", MAP_ASSIGNMENT),
            Map.entry("assignments", MAP_ASSIGNMENT),
            Map.entry("config", MAP_ASSIGNMENT),
            Map.entry("vps", MAP_ASSIGNMENT),
            Map.entry("status", MAP_ASSIGNMENT),
            Map.entry("control", MAP_ASSIGNMENT),
            Map.entry("players", MAP_ASSIGNMENT),
            Map.entry("journal", DB_PROXY),
            Map.entry("quarantine", DB_PROXY),
            Map.entry("validations", SECURITY_VALIDATOR),
            Map.entry("metrics", METRICS),
            Map.entry("audit", METRICS));

    private static final List<Row> ROWS = List.of(
            row(HOST_REGISTRY, "POST", "/enrolments/{code}:redeem", Access.ANYBODY),
            Row.of(HOST_REGISTRY, "POST", "/auth/token", Access.ANYBODY, Traits.FORM),
            row(HOST_REGISTRY, "POST", "/enrolments", Access.OPERATORS),
            row(HOST_REGISTRY, "GET", "/enrolments", Access.STAFF),
            row(HOST_REGISTRY, "GET", "/hosts", Access.STAFF),
            row(HOST_REGISTRY, "GET", "/hosts/{hostId}", Access.STAFF_AND_OWN_HOST),
            row(HOST_REGISTRY, "DELETE", "/hosts/{hostId}", Access.OWN_HOST),
            row(HOST_REGISTRY, "GET", "/hosts/{hostId}/requirements", Access.STAFF_AND_OWN_HOST),
            row(HOST_REGISTRY, "POST", "/hosts/{hostId}:{action}", Access.OPERATORS),
            row(HOST_REGISTRY, "POST", "/hosts/{hostId}/certificates", Access.OWN_HOST),
            row(HOST_REGISTRY, "PUT", "/hosts/{hostId}/session", Access.OWN_HOST),
            row(HOST_REGISTRY, "DELETE", "/hosts/{hostId}/session", Access.OWN_HOST),
            Row.of(HOST_REGISTRY, "PUT", "/hosts/{hostId}/heartbeat", Access.OWN_HOST, Traits.HEARTBEAT),
            row(HOST_REGISTRY, "GET", "/api-keys", Access.ADMIN),
            row(HOST_REGISTRY, "POST", "/api-keys", Access.ADMIN),
            row(HOST_REGISTRY, "DELETE", "/api-keys/{keyId}", Access.ADMIN),
            row(HOST_REGISTRY, "POST", "/signing-keys:rotate", Access.ADMIN),
            row(HOST_REGISTRY, "GET", "/relays", Access.EVERY_ROLE),
            row(HOST_REGISTRY, "GET", "/bundles", Access.STAFF),
            Row.of(HOST_REGISTRY, "PUT", "/bundles/{version}", Access.OPERATORS, Traits.BUNDLE),
            row(HOST_REGISTRY, "POST", "/bundles/{version}:{action}", Access.OPERATORS),
            Row.of(HOST_REGISTRY, "GET", "/bundles/{version}/manifest", Access.STAFF_AND_HOSTS, Traits.BUNDLE),
            Row.of(HOST_REGISTRY, "GET", "/bundle-release", Access.STAFF_AND_HOSTS, Traits.BUNDLE),
            Row.of(HOST_REGISTRY, "GET", "/bundle-chunks/{sha256}", Access.STAFF_AND_HOSTS, Traits.BUNDLE),
            Row.of(HOST_REGISTRY, "PUT", "/bundle-chunks/{sha256}", Access.OPERATORS, Traits.BUNDLE),
            row(MAP_ASSIGNMENT, "GET", "/maps", Access.STAFF),
            row(MAP_ASSIGNMENT, "GET", "/maps/{map}", Access.STAFF),
            row(MAP_ASSIGNMENT, "PUT", "/maps/{map}", Access.OPERATORS),
            row(MAP_ASSIGNMENT, "GET", "/maps/{map}/explain", Access.STAFF),
            row(MAP_ASSIGNMENT, "POST", "/maps/{map}:{action}", Access.OPERATORS),
            Row.of(MAP_ASSIGNMENT, "POST", "/maps/{map}/entries", Access.GAME_SIDE, Traits.ENTRY),
            row(MAP_ASSIGNMENT, "GET", "/assignments", Access.STAFF),
            row(MAP_ASSIGNMENT, "GET", "/config", Access.STAFF),
            Row.of(MAP_ASSIGNMENT, "GET", "/config/{file}", Access.STAFF, Traits.CONFIG_TEXT),
            Row.of(MAP_ASSIGNMENT, "PUT", "/config/{file}", Access.OPERATORS, Traits.CONFIG_TEXT),
            row(MAP_ASSIGNMENT, "GET", "/vps", Access.STAFF),
            row(MAP_ASSIGNMENT, "GET", "/vps/{vpsId}", Access.STAFF),
            row(MAP_ASSIGNMENT, "PUT", "/vps/{vpsId}", Access.OPERATORS),
            row(MAP_ASSIGNMENT, "DELETE", "/vps/{vpsId}", Access.OPERATORS),
            row(MAP_ASSIGNMENT, "GET", "/status", Access.STAFF),
            row(MAP_ASSIGNMENT, "POST", "/control:{action}", Access.OPERATORS),
            row(MAP_ASSIGNMENT, "GET", "/players/{whom}", Access.OPERATORS),
            row(MAP_ASSIGNMENT, "POST", "/players:carry", Access.OPERATORS),
            row(DB_PROXY, "GET", "/journal", Access.STAFF),
            row(DB_PROXY, "GET", "/journal/{characterId}", Access.OPERATORS),
            row(DB_PROXY, "POST", "/journal/{characterId}:{action}", Access.OPERATORS),
            row(SECURITY_VALIDATOR, "GET", "/validations", Access.STAFF_AND_HOSTS),
            row(SECURITY_VALIDATOR, "GET", "/validations/{validationId}", Access.STAFF_AND_HOSTS),
            row(SECURITY_VALIDATOR, "GET", "/validations/strikes/{hostId}", Access.STAFF_AND_OWN_HOST),
            row(SECURITY_VALIDATOR, "POST", "/validations:run", Access.OPERATORS),
            row(METRICS, "GET", "/metrics/hosts/{hostId}", Access.STAFF_AND_OWN_HOST),
            row(METRICS, "GET", "/metrics/regions", Access.STAFF),
            row(METRICS, "GET", "/audit", Access.STAFF));

    private Endpoints() {}

    /** The endpoint that the path and method belong to; empty when the path is none of ours. */
    public static Optional<Endpoint> find(String method, PublicPath path) {
        String below = below(path);
        ServiceName service = below == null ? null : ownerOf(below);
        if (below == null || service == null) {
            return Optional.empty();
        }
        String asked = method.equals("HEAD") ? "GET" : method;
        for (Row row : ROWS) {
            Optional<Endpoint> match = row.match(asked, below);
            if (match.isPresent()) {
                return match;
            }
        }
        Access access = asked.equals("GET") ? Access.STAFF : Access.OPERATORS;
        Matcher word = FIRST_WORD.matcher(below);
        String template = word.matches() ? "/" + word.group(1) + "/**" : "/**";
        return Optional.of(new Endpoint(service, asked, template, access, Traits.ORDINARY, null));
    }

    /** Services that have public endpoints. */
    public static Set<ServiceName> services() {
        return EnumSet.copyOf(OWNERS.values());
    }

    /** All rows, for the documents and the tests. */
    public static List<Endpoint> rows() {
        return ROWS.stream().map(Row::endpoint).toList();
    }

    private static @Nullable String below(PublicPath path) {
        String decoded = path.decoded();
        return decoded.startsWith(BASE + "/") ? decoded.substring(BASE.length()) : null;
    }

    private static @Nullable ServiceName ownerOf(String below) {
        Matcher word = FIRST_WORD.matcher(below);
        return word.matches() ? OWNERS.get(word.group(1)) : null;
    }

    private static Row row(ServiceName service, String method, String template, Access access) {
        return Row.of(service, method, template, access, Traits.ORDINARY);
    }
}
