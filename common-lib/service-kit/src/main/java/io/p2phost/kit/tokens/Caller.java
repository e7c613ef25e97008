package io.p2phost.kit.tokens;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, as its verified token says.
 *
 * @param subject a host's id, an API key's public id ({@code key:…}), or a service's id
 * @param service the calling service, null for everybody else
 */
public record Caller(
        String subject, Set<Role> roles, @Nullable ServiceName service, Instant expiresAt) {
    public Caller {
        roles = Set.copyOf(roles);
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }

    /** Whether the caller is an operator's key that may at least look. */
    public boolean isStaff() {
        return has(Role.ADMIN) || has(Role.OPERATOR) || has(Role.VIEWER);
    }

    /** Whether the caller is that host. */
    public boolean isHost(HostId host) {
        return has(Role.HOST) && subject.equals(host.value());
    }

    /** How the caller appears in audit entries. */
    public String actor() {
        if (service != null) {
            return "service:" + service.id();
        }
        return has(Role.HOST) ? "host:" + subject : subject;
    }
}
