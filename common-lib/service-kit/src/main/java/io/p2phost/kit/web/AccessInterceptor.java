package io.p2phost.kit.web;

import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.tokens.InvalidTokenException;
import io.p2phost.kit.tokens.KeysUnavailableException;
import io.p2phost.kit.tokens.TokenVerifier;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Deny by default: a handler of ours runs only for the callers its mark names. */
final class AccessInterceptor implements HandlerInterceptor {
    static final String CALLER = Caller.class.getName();

    private static final String OUR_PACKAGES = "io.p2phost.";
    private static final String BEARER = "Bearer ";

    private final TokenVerifier verifier;

    AccessInterceptor(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method)
                || !method.getBeanType().getName().startsWith(OUR_PACKAGES)) {
            return true;
        }
        if (mark(method, AllowAnonymous.class) != null) {
            return true;
        }
        Caller caller = authenticate(request);
        request.setAttribute(CALLER, caller);
        if (!mayCall(method, caller)) {
            throw new ProblemException(ProblemType.FORBIDDEN, caller.actor() + " may not call this");
        }
        return true;
    }

    private Caller authenticate(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new ProblemException(
                    ProblemType.UNAUTHENTICATED, "Authorization: missing (expected: Bearer <token>)");
        }
        try {
            return verifier.verify(header.substring(BEARER.length()).strip());
        } catch (InvalidTokenException e) {
            throw new ProblemException(ProblemType.UNAUTHENTICATED, String.valueOf(e.getMessage()));
        } catch (KeysUnavailableException e) {
            throw new ProblemException(ProblemType.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private static boolean mayCall(HandlerMethod method, Caller caller) {
        AllowInternal internal = mark(method, AllowInternal.class);
        ServiceName service = caller.service();
        if (internal != null
                && service != null
                && Arrays.asList(internal.value()).contains(service)) {
            return true;
        }
        Allow allow = mark(method, Allow.class);
        if (allow == null) {
            return false;
        }
        for (Role role : allow.value()) {
            if (caller.has(role)) {
                return true;
            }
        }
        return false;
    }

    private static <A extends Annotation> @Nullable A mark(HandlerMethod method, Class<A> type) {
        A own = method.getMethodAnnotation(type);
        if (own != null) {
            return own;
        }
        // A mark on the method replaces those on the class, so that one handler can be stricter than its neighbours.
        boolean methodIsMarked = method.hasMethodAnnotation(Allow.class)
                || method.hasMethodAnnotation(AllowInternal.class)
                || method.hasMethodAnnotation(AllowAnonymous.class);
        return methodIsMarked ? null : AnnotatedElementUtils.findMergedAnnotation(method.getBeanType(), type);
    }
}
