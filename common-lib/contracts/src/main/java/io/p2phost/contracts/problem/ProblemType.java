package io.p2phost.contracts.problem;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;

/** Every refusal a caller may meet (RFC 9457): a stable type, the HTTP status and a title. */
public enum ProblemType {
    MALFORMED_REQUEST("malformed-request", 400, "The request cannot be read"),
    INVALID_VALUE("invalid-value", 400, "A value is outside what is expected"),
    INVALID_GRANT("invalid-grant", 400, "The assertion was not accepted"),
    UNAUTHENTICATED("unauthenticated", 401, "A valid API key or token is needed"),
    FORBIDDEN("forbidden", 403, "This caller may not do that"),
    BLACKLISTED("blacklisted", 403, "This host is blacklisted"),
    NOT_FOUND("not-found", 404, "There is no such thing"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "This path does not take that method"),
    NOT_ACCEPTABLE("not-acceptable", 406, "The answer cannot be given in that form"),
    CONFLICT("conflict", 409, "The state has changed in the meantime"),
    STALE_EPOCH("stale-epoch", 409, "The map has another owner or epoch by now"),
    ILLEGAL_TRANSITION("illegal-transition", 409, "The state does not allow that"),
    OWNER_NOT_READY("owner-not-ready", 409, "The chosen owner cannot serve maps now"),
    SESSION_TAKEN("session-taken", 409, "Another agent with this key has the session"),
    GONE("gone", 410, "It was used up or has expired"),
    SESSION_EXPIRED("session-expired", 410, "The host's session has ended"),
    PRECONDITION_FAILED("precondition-failed", 412, "The thing has changed since it was read"),
    TOO_LARGE("too-large", 413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "The body's type is not understood"),
    UNPROCESSABLE("unprocessable", 422, "The request is well-formed but cannot be accepted"),
    BELOW_MINIMUM("below-minimum", 422, "The machine is below the minimum for hosting"),
    INVALID_CONFIGURATION("invalid-configuration", 422, "The configuration has faults"),
    TOO_MANY_REQUESTS("too-many-requests", 429, "Too many requests"),
    INTERNAL("internal", 500, "Something went wrong on our side"),
    UNAVAILABLE("unavailable", 503, "A part that is needed is not available"),
    NO_VPS("no-vps", 503, "No VPS map-server is registered for that map"),
    DEADLINE_EXCEEDED("deadline-exceeded", 504, "A part did not answer in time");

    private static final String BASE = "https://p2phost.dev/problems/";

    private final String slug;
    private final int status;
    private final String title;

    ProblemType(String slug, int status, String title) {
        this.slug = slug;
        this.status = status;
        this.title = title;
    }

    public String slug() {
        return slug;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The {@code type} member of the problem document. */
    public URI uri() {
        return URI.create(BASE + slug);
    }

    public static Optional<ProblemType> bySlug(String slug) {
        return Arrays.stream(values()).filter(p -> p.slug.equals(slug)).findFirst();
    }
}
