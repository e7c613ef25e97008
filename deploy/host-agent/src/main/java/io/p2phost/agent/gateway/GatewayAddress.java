package io.p2phost.agent.gateway;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import io.p2phost.contracts.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The gateway's address, which must be https unless it is this very machine: the token travels in the header. */
public final class GatewayAddress {
    private GatewayAddress() {}

    public static URI parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw bad(text, "https://host[:port]");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw bad(text, "https://host[:port]");
        }
        if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw bad(text, "an address without user, query or fragment");
        }
        if (scheme.equals("http") && !loopback(uri.getHost())) {
            throw bad(text, "https; plain http only for this machine itself");
        }
        return uri;
    }

    /** By the text alone: a name may resolve to anything, also differently tomorrow. */
    private static boolean loopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    private static AgentFailure bad(@Nullable String text, String expected) {
        return new AgentFailure(
                ExitCode.USAGE, "--gateway: " + Text.quote(String.valueOf(text)) + " (expected: " + expected + ")");
    }
}
