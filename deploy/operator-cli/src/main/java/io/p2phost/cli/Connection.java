package io.p2phost.cli;

import io.p2phost.contracts.ApiKeyFormat;
import io.p2phost.contracts.Text;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where the gateway is and who asks. An option wins over the environment, the environment over the default. */
final class Connection {
    private static final String DEFAULT_GATEWAY = "http://127.0.0.1:8080";
    private static final Path DEFAULT_KEY_FILE = Path.of(".p2p", "admin-api-key");

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The gateway (default: P2P_GATEWAY, else " + DEFAULT_GATEWAY + ").")
    private @Nullable String gateway;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "File with the API key (default: P2P_API_KEY, P2P_API_KEY_FILE, else .p2p/admin-api-key).")
    private @Nullable Path keyFile;

    Gateway open(Map<String, String> environment) {
        return new Gateway(address(environment), key(environment));
    }

    private URI address(Map<String, String> environment) {
        String text = gateway != null ? gateway : environment.getOrDefault("P2P_GATEWAY", DEFAULT_GATEWAY);
        try {
            URI uri = new URI(text.strip());
            String host = uri.getHost();
            boolean https = "https".equalsIgnoreCase(uri.getScheme());
            boolean http = "http".equalsIgnoreCase(uri.getScheme());
            if (host != null && uri.getUserInfo() == null && uri.getQuery() == null && (https || http)) {
                if (https || loopback(host)) {
                    return uri;
                }
                throw new CliFailure(
                        CliFailure.USAGE,
                        "gateway: " + Text.quote(text)
                                + " (expected: https; plain http only for this machine, the key travels with each call)");
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new CliFailure(CliFailure.USAGE, "gateway: " + Text.quote(text) + " (expected: https://host[:port])");
    }

    private static boolean loopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    private String key(Map<String, String> environment) {
        if (keyFile != null) {
            return readKey(keyFile);
        }
        String direct = environment.get("P2P_API_KEY");
        if (direct != null && !direct.isBlank()) {
            return checked(direct.strip(), "P2P_API_KEY");
        }
        String file = environment.get("P2P_API_KEY_FILE");
        return readKey(file != null && !file.isBlank() ? Path.of(file) : DEFAULT_KEY_FILE);
    }

    private static String readKey(Path file) {
        try {
            return checked(Files.readString(file).strip(), file.toString());
        } catch (IOException e) {
            throw new CliFailure(
                    CliFailure.USAGE,
                    "API key: " + file + " cannot be read (expected: --key-file FILE, P2P_API_KEY, or a suite started"
                            + " here by ./p2p up)",
                    e);
        }
    }

    private static String checked(String key, String source) {
        if (!ApiKeyFormat.isApiKey(key)) {
            // The text itself is not shown: it may be some other secret.
            throw new CliFailure(
                    CliFailure.USAGE, "API key in " + source + ": malformed (expected: p2p_<id>_<43 characters>)");
        }
        return key;
    }
}
