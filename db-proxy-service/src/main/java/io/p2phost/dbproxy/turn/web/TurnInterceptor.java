package io.p2phost.dbproxy.turn.web;

import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.dbproxy.turn.Turn;
import io.p2phost.kit.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** An instance that stands by answers nothing but whether it does. */
@Component
class TurnInterceptor implements HandlerInterceptor, WebMvcConfigurer {
    private final Turn turn;

    TurnInterceptor(Turn turn) {
        this.turn = turn;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this)
                .order(1)
                .addPathPatterns("/internal/v1/**", "/api/v1/**")
                .excludePathPatterns(TurnController.PATH, "/internal/v1/ping");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!turn.isActive()) {
            throw new ProblemException(
                    ProblemType.UNAVAILABLE, "this instance stands by (expected: the one that works)");
        }
        return true;
    }
}
