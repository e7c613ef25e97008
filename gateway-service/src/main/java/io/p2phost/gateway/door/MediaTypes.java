package io.p2phost.gateway.door;

import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.gateway.problem.Refusal;
import io.p2phost.gateway.route.Endpoint.Traits;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which body types an endpoint takes and which it can answer in. */
public final class MediaTypes {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";
    private static final String BYTES = "application/octet-stream";
    private static final Set<String> TEXTS = Set.of("text/plain", JSON, BYTES, "application/yaml", "text/yaml");

    private MediaTypes() {}

    /** Refuses a body of a type that the endpoint does not take. */
    public static void checkContent(Traits traits, @Nullable String contentType) throws Refusal {
        String type = bare(contentType == null ? "" : contentType);
        boolean taken = switch (traits) {
            case FORM -> type.equals(FORM);
            case CONFIG_TEXT -> TEXTS.contains(type);
            case BUNDLE -> type.equals(JSON) || type.equals(BYTES);
            default -> type.equals(JSON) || (type.startsWith("application/") && type.endsWith("+json"));
        };
        if (!taken) {
            throw new Refusal(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type: " + Text.quote(type) + " (expected: "
                            + switch (traits) {
                                case FORM -> FORM;
                                case CONFIG_TEXT -> "text/plain";
                                case BUNDLE -> BYTES;
                                default -> JSON;
                            }
                            + ")");
        }
    }

    /** Refuses an Accept header that leaves nothing to answer in. */
    public static void checkAccept(Traits traits, @Nullable String accept) throws Refusal {
        if (accept == null || accept.isBlank()) {
            return;
        }
        for (String part : accept.split(",", 32)) {
            String type = bare(part);
            boolean text = traits == Traits.CONFIG_TEXT && type.startsWith("text/");
            boolean bytes = traits == Traits.BUNDLE && type.equals(BYTES);
            boolean json =
                    type.equals("*/*") || type.equals("application/*") || type.equals(JSON) || type.endsWith("+json");
            if (text || bytes || json) {
                return;
            }
        }
        throw new Refusal(
                ProblemType.NOT_ACCEPTABLE, "Accept: " + Text.quote(accept) + " (expected: it allows " + JSON + ")");
    }

    private static String bare(String type) {
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
