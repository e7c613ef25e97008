package io.p2phost.dbproxy.turn.net;

import io.p2phost.dbproxy.DbProxyProperties;
import io.p2phost.dbproxy.charlink.CharLinks;
import io.p2phost.dbproxy.engine.Engine;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.dbproxy.turn.Turn;
import java.net.InetSocketAddress;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Opens the ports of map-servers and hosts when it is this instance's turn, before the web server if it is at once. */
@Component
class Working implements SmartLifecycle, Turn.Work {
    private final Turn turn;
    private final Engine engine;
    private final CharLinks links;
    private final SessionStore store;
    private final InetSocketAddress bind;
    private final ConfigurableApplicationContext context;
    private volatile boolean running;

    Working(
            Turn turn,
            Engine engine,
            CharLinks links,
            SessionStore store,
            DbProxyProperties properties,
            @Value("${p2p.bind-address}") String httpAddress,
            ConfigurableApplicationContext context) {
        this.turn = turn;
        this.engine = engine;
        this.links = links;
        this.store = store;
        this.bind = new InetSocketAddress(properties.bindAddressOr(httpAddress), properties.port());
        this.context = context;
    }

    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public void start() {
        turn.start(this);
        running = true;
    }

    /** What began ends with its beans, and the turn last. */
    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void begin() {
        engine.start(() -> AvailabilityChangeEvent.publish(context, LivenessState.BROKEN));
        try {
            links.start(bind);
        } catch (Exception e) {
            // Netty throws checked exceptions through unchecked signatures.
            throw new IllegalStateException(
                    "p2p.db-proxy.port: " + bind.getPort() + " at " + bind.getHostString() + " cannot be listened at: "
                            + e.getMessage() + " (expected: a free port)",
                    e);
        }
    }

    @Override
    public boolean isOver() {
        return engine.isOver();
    }

    @Override
    public boolean isTakenOver() {
        return store.isTakenOver();
    }

    /** The process ends with its last context; who watches over processes starts it anew. */
    @Override
    public void end() {
        Thread.ofPlatform().name("end").start(context::close);
    }
}
