package io.p2phost.gateway.route;

import io.p2phost.contracts.ServiceName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A public endpoint.
 *
 * @param template the path below {@code /api/v1} with {@code {names}}; the label in metrics and the access log
 * @param host the host that a matched path names; null where it names none
 */
public record Endpoint(
        ServiceName service,
        String method,
        String template,
        Access access,
        Traits traits,
        @Nullable String host) {
    /** What is special about a call. */
    public enum Traits {
        ORDINARY,
        /** A configuration file's text: longer, and not JSON. */
        CONFIG_TEXT,
        /** Form-encoded by its standard (RFC 6749). */
        FORM,
        /** A player waits for it. */
        ENTRY,
        /** Keeps a host alive: has its own share of everything. */
        HEARTBEAT,
        /** A bundle's manifest or piece: long, not always JSON, and never in the way of other calls. */
        BUNDLE
    }

    /** A row of the table with its compiled template. */
    record Row(Endpoint endpoint, Pattern pattern) {
        static Row of(ServiceName service, String method, String template, Access access, Traits traits) {
            String regex =
                    Pattern.compile("\\{(\\w+)}").matcher(template).replaceAll(m -> "(?<" + m.group(1) + ">[^/:]+)");
            return new Row(new Endpoint(service, method, template, access, traits, null), Pattern.compile(regex));
        }

        Optional<Endpoint> match(String method, String path) {
            if (!endpoint.method.equals(method)) {
                return Optional.empty();
            }
            Matcher matcher = pattern.matcher(path);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            String host = pattern.namedGroups().containsKey("hostId") ? matcher.group("hostId") : null;
            return Optional.of(new Endpoint(
                    endpoint.service, endpoint.method, endpoint.template, endpoint.access, endpoint.traits, host));
        }
    }
}
