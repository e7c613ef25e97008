package io.p2phost.gateway.route;

import io.p2phost.contracts.Role;
import io.p2phost.kit.tokens.Caller;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who passes the door to an endpoint; the service checks again.
 *
 * @param anonymous nobody is asked who he is
 * @param ownHostOnly a HOST passes only where the path names itself
 */
public record Access(boolean anonymous, Set<Role> roles, boolean ownHostOnly) {
    static final Access ANYBODY = new Access(true, Set.of(), false);
    static final Access ADMIN = of(Role.ADMIN);
    static final Access OPERATORS = of(Role.ADMIN, Role.OPERATOR);
    static final Access STAFF = of(Role.ADMIN, Role.OPERATOR, Role.VIEWER);
    static final Access STAFF_AND_HOSTS = STAFF.and(Role.HOST);
    static final Access STAFF_AND_OWN_HOST = new Access(false, STAFF_AND_HOSTS.roles, true);
    static final Access OWN_HOST = new Access(false, Set.of(Role.HOST), true);
    static final Access GAME_SIDE = OPERATORS.and(Role.PLAYER);
    static final Access EVERY_ROLE = STAFF_AND_HOSTS.and(Role.PLAYER);

    public Access {
        roles = Set.copyOf(roles);
    }

    private static Access of(Role first, Role... others) {
        return new Access(false, EnumSet.of(first, others), false);
    }

    private Access and(Role more) {
        EnumSet<Role> all = EnumSet.copyOf(roles);
        all.add(more);
        return new Access(false, all, false);
    }

    /**
     * Whether the caller passes.
     *
     * @param host the host that the path names, if it names one
     */
    public boolean admits(Caller caller, @Nullable String host) {
        for (Role role : roles) {
            if (caller.has(role)
                    && !(role == Role.HOST && ownHostOnly && !caller.subject().equals(host))) {
                return true;
            }
        }
        return false;
    }
}
