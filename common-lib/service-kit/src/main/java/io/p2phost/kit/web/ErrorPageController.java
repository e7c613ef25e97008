package io.p2phost.kit.web;

import io.p2phost.contracts.problem.ProblemType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Failures outside of a handler (filters, the container) as problem documents. */
@RestController
@AllowAnonymous
class ErrorPageController implements ErrorController {
    @RequestMapping("${server.error.path:/error}")
    ResponseEntity<Map<String, Object>> error(HttpServletRequest request) {
        Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        ProblemType type = Problems.forStatus(code instanceof Integer status ? status : 404);
        return ResponseEntity.status(code instanceof Integer status ? status : type.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(Problems.document(type, "the request was not accepted", Map.of()));
    }
}
