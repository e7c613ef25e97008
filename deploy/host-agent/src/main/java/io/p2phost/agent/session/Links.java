package io.p2phost.agent.session;

import io.p2phost.agent.gateway.Messages.DbProxy;
import io.p2phost.agent.gateway.Messages.Relay;
import io.p2phost.agent.serving.LinkCredentials;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the session says to connect to, and as whom. */
public interface Links {
    /** Follows a new session's list: new relays are dialled, missing ones left. */
    void configure(List<Relay> relays, @Nullable DbProxy dbProxy);

    /** Credentials for connections made from now on. */
    void credentials(LinkCredentials credentials);
}
