package io.p2phost.assignment.status.web;

import io.p2phost.assignment.status.StatusReader;
import io.p2phost.assignment.status.SuiteStatus;
import io.p2phost.contracts.Role;
import io.p2phost.kit.web.Allow;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class StatusController {
    private final StatusReader status;

    StatusController(StatusReader status) {
        this.status = status;
    }

    @GetMapping("/api/v1/status")
    @Allow({Role.ADMIN, Role.OPERATOR, Role.VIEWER})
    SuiteStatus status() {
        return status.read();
    }
}
