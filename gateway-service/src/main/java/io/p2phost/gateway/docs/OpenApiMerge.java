package io.p2phost.gateway.docs;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.ServiceName;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes one OpenAPI document of several. Only paths below {@code /api/v1} are taken; a service's components and
 * operation ids get its id in front, so that two services may use the same name.
 */
public final class OpenApiMerge {
    private static final String PUBLIC = "/api/v1/";
    private static final String COMPONENTS = "#/components/";
    private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "patch", "delete");

    private OpenApiMerge() {}

    /**
     * Merges the documents.
     *
     * @param missing services whose document could not be had; named in the result
     */
    public static ObjectNode merge(Map<ServiceName, JsonNode> documents, Set<ServiceName> missing) {
        ObjectNode merged = Json.mapper().createObjectNode();
        merged.put("openapi", "3.1.0");
        merged.putObject("info")
                .put("title", "P2P map hosting")
                .put("version", "v1")
                .put("description", "The suite's public interface. Errors are problem documents (RFC 9457).");
        merged.putArray("servers").addObject().put("url", "/");
        merged.putArray("security").addObject().putArray("bearer");
        ObjectNode paths = merged.putObject("paths");
        ObjectNode components = merged.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("bearer")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "An API key (p2p_…) or a host's access token");
        documents.forEach((service, document) -> add(service, document, paths, components));
        if (!missing.isEmpty()) {
            ArrayNode names = merged.putArray("x-missing-services");
            missing.forEach(service -> names.add(service.id()));
        }
        return merged;
    }

    private static void add(ServiceName service, JsonNode document, ObjectNode paths, ObjectNode components) {
        document.path("paths").forEachEntry((path, operations) -> {
            if (!path.startsWith(PUBLIC)) {
                return;
            }
            ObjectNode target = paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
            operations.forEachEntry((method, operation) -> target.set(method, operation(service, method, operation)));
        });
        document.path("components").forEachEntry((kind, entries) -> {
            if (kind.equals("securitySchemes")) {
                return;
            }
            ObjectNode target = components.has(kind) ? (ObjectNode) components.get(kind) : components.putObject(kind);
            entries.forEachEntry((name, entry) -> target.set(service.id() + "." + name, renamed(service, entry)));
        });
    }

    private static JsonNode operation(ServiceName service, String method, JsonNode operation) {
        JsonNode copy = renamed(service, operation);
        if (METHODS.contains(method) && copy instanceof ObjectNode object) {
            object.putArray("tags").add(service.id());
            String id = object.path("operationId").asString("");
            if (!id.isEmpty()) {
                object.put("operationId", service.id() + "." + id);
            }
        }
        return copy;
    }

    /** A copy in which every reference to a component carries the service's id. */
    private static JsonNode renamed(ServiceName service, JsonNode node) {
        if (node.isObject()) {
            ObjectNode copy = Json.mapper().createObjectNode();
            node.forEachEntry((name, value) -> copy.set(name, renamed(service, value)));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = Json.mapper().createArrayNode();
            node.forEach(value -> copy.add(renamed(service, value)));
            return copy;
        }
        if (node.isString() && node.asString().startsWith(COMPONENTS)) {
            String reference = node.asString();
            int name = reference.indexOf('/', COMPONENTS.length());
            if (name > 0) {
                return Json.mapper()
                        .getNodeFactory()
                        .stringNode(
                                reference.substring(0, name + 1) + service.id() + "." + reference.substring(name + 1));
            }
        }
        return node;
    }
}
