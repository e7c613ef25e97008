package io.p2phost.relay.takeover.net;

import io.p2phost.relay.takeover.RelayEstate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The HTTP ports, opened and closed by what opens and closes them at start and stop. */
@Component
class HttpPorts implements RelayEstate.Http {
    /** The management port is opened that much later than the service's own. */
    private static final int MANAGEMENT = 512;

    private static final Logger log = LoggerFactory.getLogger(HttpPorts.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int LOOKS_PER_WARNING = 50;

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

    /**
     * Returns once nobody else listens at the ports: what cannot have them ends, and with it players who have just been taken
     * over. An interrupt ends the waiting.
     */
    void awaitFree() {
        if (taken().isEmpty()) {
            return;
        }
        CountDownLatch free = new CountDownLatch(1);
        Thread.ofVirtual().name("await-http-ports").start(() -> lookUntilFree(free));
        try {
            // For ever, not for a time: a stop interrupts only this.
            free.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookUntilFree(CountDownLatch free) {
        try {
            for (int looks = 0; ; looks++) {
                List<Integer> taken = taken();
                if (taken.isEmpty()) {
                    free.countDown();
                    return;
                }
                if (looks % LOOKS_PER_WARNING == 0) {
                    log.warn(
                            "HTTP ports {}: another program has them (expected: free ports); players go on, and services"
                                    + " cannot reach this relay until it ends",
                            taken);
                }
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Integer> taken() {
        Environment settings = context.getEnvironment();
        int own = settings.getProperty("server.port", Integer.class, 8_080);
        int management = settings.getProperty("management.server.port", Integer.class, own);
        InetAddress address = settings.getProperty("server.address", InetAddress.class);
        InetAddress managementAddress = settings.getProperty("management.server.address", InetAddress.class);
        List<Integer> taken = new ArrayList<>();
        if (isTaken(address, own)) {
            taken.add(own);
        }
        if (management != own && isTaken(managementAddress == null ? address : managementAddress, management)) {
            taken.add(management);
        }
        return taken;
    }

    private static boolean isTaken(@Nullable InetAddress address, int port) {
        // An address that is not this machine's frees itself by no waiting: whoever opens the port says so.
        return port > 0 && !canListen(address, port) && canListen(address, 0);
    }

    private static boolean canListen(@Nullable InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void open() {
        ports().forEach(SmartLifecycle::start);
    }
}
