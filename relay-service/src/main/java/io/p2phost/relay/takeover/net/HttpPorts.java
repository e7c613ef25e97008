package io.p2phost.relay.takeover.net;

import io.p2phost.relay.takeover.RelayEstate;
import java.util.Comparator;
import java.util.List;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The HTTP ports, opened and closed by what opens and closes them at start and stop. */
@Component
class HttpPorts implements RelayEstate.Http {
    /** The management port is opened that much later than the service's own. */
    private static final int MANAGEMENT = 512;

    private final ApplicationContext context;

    HttpPorts(ApplicationContext context) {
        this.context = context;
    }

    private List<SmartLifecycle> ports() {
        int first = WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE;
        return context.getBeansOfType(SmartLifecycle.class).values().stream()
                .filter(part -> part.getPhase() >= first && part.getPhase() <= first + MANAGEMENT)
                .sorted(Comparator.comparingInt(SmartLifecycle::getPhase))
                .toList();
    }

    @Override
    public void close() {
        ports().reversed().forEach(SmartLifecycle::stop);
    }

    /** Closes the context, and what a management port that was closed before it leaves behind. */
    void endWith(ConfigurableApplicationContext whole) {
        List<SmartLifecycle> ports = ports();
        whole.close();
        ports.reversed().forEach(SmartLifecycle::stop);
    }

    @Override
    public void open() {
        ports().forEach(SmartLifecycle::start);
    }
}
