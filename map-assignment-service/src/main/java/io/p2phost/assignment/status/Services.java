package io.p2phost.assignment.status;

import java.util.List;

/** Asks every service how it is. */
@FunctionalInterface
public interface Services {
    /** One state a service; answers within about a second. */
    List<ServiceState> states();
}
