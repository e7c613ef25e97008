package io.p2phost.agent.home;

import io.p2phost.contracts.HostId;
import java.net.URI;

/** Who this host is and whom it serves, as enrolment fixed it. */
public record AgentIdentity(HostId hostId, URI gateway, String name, String region) {}
