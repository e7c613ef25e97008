package io.p2phost.gateway.door.web;

import io.p2phost.contracts.ApiKeyFormat;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.gateway.door.KeyExchange;
import io.p2phost.gateway.door.KeyIssuer;
import io.p2phost.gateway.door.MediaTypes;
import io.p2phost.gateway.door.RateLimits;
import io.p2phost.gateway.problem.ProblemDocument;
import io.p2phost.gateway.problem.Refusal;
import io.p2phost.gateway.route.Admitted;
import io.p2phost.gateway.route.Endpoint;
import io.p2phost.gateway.route.Endpoint.Traits;
import io.p2phost.gateway.route.Endpoints;
import io.p2phost.gateway.route.PublicPath;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.tokens.InvalidTokenException;
import io.p2phost.kit.tokens.KeysUnavailableException;
import io.p2phost.kit.tokens.TokenVerifier;
import io.p2phost.kit.trace.Trace;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What every request passes before anything else: spelling of the path, route, method, caller, role, share, types and
 * size of the body. Nothing that is refused here reaches a service.
 */
final class DoorFilter extends OncePerRequestFilter {
    private static final String BEARER = "Bearer ";
    private static final String PING = "/internal/v1/ping";
    private static final List<String> OWN_PATHS = List.of("/docs", "/health", "/v3/api-docs", "/v3/api-docs.json");
    private static final String OWN_FOLDER = "/docs/";

    private final KeyExchange keys;
    private final TokenVerifier tokens;
    private final RateLimits limits;
    private final BodyLimits bodies;
    private final AccessLog accessLog;

    /** Longest bodies in bytes. */
    record BodyLimits(int general, int config, int bundle) {
        int of(Traits traits) {
            return switch (traits) {
                case CONFIG_TEXT -> config;
                case BUNDLE -> bundle;
                default -> general;
            };
        }
    }

    DoorFilter(KeyExchange keys, TokenVerifier tokens, RateLimits limits, BodyLimits bodies, AccessLog accessLog) {
        this.keys = keys;
        this.tokens = tokens;
        this.limits = limits;
        this.bodies = bodies;
        this.accessLog = accessLog;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long start = System.nanoTime();
        Passage passage = new Passage();
        SecurityHeaders.set(request, response);
        try {
            admit(request, response, chain, passage);
        } catch (Refusal refusal) {
            refuse(response, refusal);
        } finally {
            accessLog.record(new AccessLog.Entry(
                    Endpoints.METHODS.contains(request.getMethod()) ? request.getMethod() : "OTHER",
                    passage.service,
                    passage.template,
                    response.getStatus(),
                    Duration.ofNanos(System.nanoTime() - start),
                    passage.caller,
                    ProblemDocument.traceId(Trace.currentOrNew())));
        }
    }

    private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain, Passage passage)
            throws Refusal, ServletException, IOException {
        PublicPath path = PublicPath.of(request.getRequestURI());
        if (isOwn(request, path)) {
            passage.service = "gateway";
            passage.template = path.decoded().startsWith(OWN_FOLDER) ? OWN_FOLDER + "**" : path.decoded();
            takeShare(RateLimits.Kind.ADDRESS, request.getRemoteAddr());
            chain.doFilter(request, response);
            return;
        }
        Endpoint endpoint = Endpoints.find(request.getMethod(), path)
                .orElseThrow(() -> new Refusal(ProblemType.NOT_FOUND, "there is nothing at this path"));
        passage.service = endpoint.service().id();
        passage.template = Endpoints.BASE + endpoint.template();
        if (!Endpoints.METHODS.contains(request.getMethod())) {
            throw new Refusal(
                    ProblemType.METHOD_NOT_ALLOWED,
                    "method: (expected: one of " + String.join(", ", Endpoints.METHODS) + ")",
                    Map.of("Allow", String.join(", ", Endpoints.METHODS)));
        }
        String query = request.getQueryString();
        if (query != null) {
            PublicPath.checkQuery(query);
        }
        String token = identify(request, endpoint, passage);
        MediaTypes.checkAccept(endpoint.traits(), request.getHeader("Accept"));
        byte[] body = body(request, response, endpoint);
        request.setAttribute(Admitted.ATTRIBUTE, new Admitted(endpoint, path.raw(), query, token));
        chain.doFilter(new BufferedRequest(request, body), response);
    }

    /** The gateway's own pages, and its ping for the services that watch over it. */
    private boolean isOwn(HttpServletRequest request, PublicPath path) {
        if (OWN_PATHS.contains(path.decoded()) || path.decoded().startsWith(OWN_FOLDER)) {
            return true;
        }
        return path.decoded().equals(PING) && isFromService(request);
    }

    private boolean isFromService(HttpServletRequest request) {
        try {
            return tokens.verify(bearer(request)).service() != null;
        } catch (InvalidTokenException | KeysUnavailableException | Refusal e) {
            return false;
        }
    }

    /** Finds out who calls and whether he may; returns the access token to pass on, null for an anonymous call. */
    private @Nullable String identify(HttpServletRequest request, Endpoint endpoint, Passage passage) throws Refusal {
        if (endpoint.access().anonymous()) {
            takeShare(RateLimits.Kind.ADDRESS, request.getRemoteAddr());
            return null;
        }
        String credential = bearer(request);
        String token = ApiKeyFormat.isApiKey(credential) ? exchange(credential, request) : credential;
        Caller caller = verify(token, request);
        passage.caller = caller.actor();
        if (!endpoint.access().admits(caller, endpoint.host())) {
            throw new Refusal(ProblemType.FORBIDDEN, caller.actor() + " may not call this");
        }
        takeShare(kindOf(endpoint.traits()), caller.subject());
        return token;
    }

    private static RateLimits.Kind kindOf(Traits traits) {
        return switch (traits) {
            case HEARTBEAT -> RateLimits.Kind.HEARTBEAT;
            case BUNDLE -> RateLimits.Kind.BUNDLE;
            default -> RateLimits.Kind.CALLER;
        };
    }

    private static String bearer(HttpServletRequest request) throws Refusal {
        List<String> values = Collections.list(request.getHeaders("Authorization"));
        if (values.size() != 1 || !values.getFirst().regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw unauthenticated(
                    values.isEmpty()
                            ? "Authorization: missing (expected: Bearer <API key or token>)"
                            : "Authorization: (expected: one header, Bearer <API key or token>)");
        }
        return values.getFirst().substring(BEARER.length()).strip();
    }

    private String exchange(String apiKey, HttpServletRequest request) throws Refusal {
        if (!keys.remembers(apiKey)) {
            // Each unknown key costs the registry a question: guessing is limited by address.
            takeShare(RateLimits.Kind.ADDRESS, request.getRemoteAddr());
        }
        try {
            return keys.tokenFor(apiKey).orElseThrow(() -> unauthenticated("the API key is not accepted"));
        } catch (KeyIssuer.UnavailableException e) {
            throw Refusal.retryLater(ProblemType.UNAVAILABLE, String.valueOf(e.getMessage()), 1);
        }
    }

    private Caller verify(String token, HttpServletRequest request) throws Refusal {
        try {
            Caller caller = tokens.verify(token);
            if (caller.service() != null || caller.has(Role.SERVICE)) {
                throw new InvalidTokenException("token: of another type");
            }
            return caller;
        } catch (InvalidTokenException e) {
            takeShare(RateLimits.Kind.ADDRESS, request.getRemoteAddr());
            throw unauthenticated(String.valueOf(e.getMessage()));
        } catch (KeysUnavailableException e) {
            takeShare(RateLimits.Kind.ADDRESS, request.getRemoteAddr());
            throw Refusal.retryLater(ProblemType.UNAVAILABLE, String.valueOf(e.getMessage()), 1);
        }
    }

    private void takeShare(RateLimits.Kind kind, String who) throws Refusal {
        Duration wait = limits.take(kind, who);
        if (!wait.isZero()) {
            throw Refusal.retryLater(
                    ProblemType.TOO_MANY_REQUESTS,
                    "too many requests (expected: fewer)",
                    wait.plusMillis(999).toSeconds());
        }
    }

    private byte[] body(HttpServletRequest request, HttpServletResponse response, Endpoint endpoint)
            throws Refusal, IOException {
        boolean announced = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        if (!announced || endpoint.method().equals("GET")) {
            return new byte[0];
        }
        int limit = bodies.of(endpoint.traits());
        byte[] body = request.getContentLengthLong() > limit ? null : read(request, limit);
        if (body == null) {
            // The rest is not read: the connection ends with this answer.
            response.setHeader("Connection", "close");
            throw new Refusal(ProblemType.TOO_LARGE, "the body is too long (expected: at most " + limit + " bytes)");
        }
        if (body.length > 0) {
            MediaTypes.checkContent(endpoint.traits(), request.getContentType());
        }
        return body;
    }

    private static byte @Nullable [] read(HttpServletRequest request, int limit) throws Refusal, IOException {
        try {
            byte[] body = request.getInputStream().readNBytes(limit + 1);
            return body.length > limit ? null : body;
        } catch (IOException e) {
            if (Objects.requireNonNullElse(e.getMessage(), "").startsWith("the body is too long")) {
                return null;
            }
            throw new Refusal(ProblemType.MALFORMED_REQUEST, "the body ended early or is framed wrongly");
        }
    }

    private static Refusal unauthenticated(String detail) {
        return new Refusal(ProblemType.UNAUTHENTICATED, detail, Map.of("WWW-Authenticate", "Bearer"));
    }

    private static void refuse(HttpServletResponse response, Refusal refusal) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        refusal.headers().forEach(response::setHeader);
        response.setStatus(refusal.type().status());
        response.setContentType(ProblemDocument.MEDIA_TYPE);
        byte[] document = ProblemDocument.of(refusal.type(), refusal.detail(), Trace.currentOrNew());
        response.setContentLength(document.length);
        response.getOutputStream().write(document);
    }

    /** What is known of a request so far, for the access log. */
    private static final class Passage {
        private String service = "none";
        private String template = "none";
        private String caller = "-";
    }
}
