package io.p2phost.agent.command;

import io.p2phost.agent.ExitCode;
import io.p2phost.agent.run.Agent;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What SIGTERM and Ctrl-C do to an agent: the first has its maps handed back, the second ends it at once. The virtual
 * machine's own handling knows of the first only, so signals are taken from it, where it lets them go; elsewhere, and for
 * a closed terminal, its shutdown hook has the maps handed back.
 */
final class Stopping implements AutoCloseable {
    /** Beyond the time for the maps: two calls to the server and the end of links and threads. */
    static final Duration LEAVING = Duration.ofSeconds(10);

    private static final Duration AT_ONCE = Duration.ofMillis(4500);

    private final Agent agent;
    private final Duration deadline;
    private final AtomicInteger signals = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::shutdown, "stop");

    private Stopping(Agent agent, Duration deadline) {
        this.agent = agent;
        this.deadline = deadline;
    }

    static Stopping of(Agent agent, Duration deadline) {
        Stopping stopping = new Stopping(agent, deadline);
        Runtime.getRuntime().addShutdownHook(stopping.hook);
        stopping.take("TERM");
        stopping.take("INT");
        return stopping;
    }

    // A proxy is equal to itself only.
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Object proxy, Object other) {
        return proxy == other;
    }

    /** By name: the compiler warns of the class in a way that cannot be silenced. Without it the hook has to do. */
    private void take(String signal) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    Stopping.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        return switch (method.getName()) {
                            case "handle" -> {
                                asked();
                                yield null;
                            }
                            case "equals" -> same(proxy, arguments[0]);
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> "Stopping";
                        };
                    });
            type.getMethod("handle", type, handler)
                    .invoke(null, type.getConstructor(String.class).newInstance(signal), ours);
        } catch (ReflectiveOperationException e) {
            // The shutdown hook stays.
        }
    }

    private void asked() {
        if (signals.incrementAndGet() == 1) {
            agent.drain(deadline);
            haltAfter(deadline.plus(LEAVING));
        } else {
            agent.stop();
            haltAfter(AT_ONCE);
        }
    }

    /** An agent that hangs ends all the same. */
    private void haltAfter(Duration limit) {
        Thread.ofPlatform().daemon().name("stop-limit").start(() -> {
            if (!endedWithin(limit)) {
                Runtime.getRuntime().halt(ExitCode.FAILED.code());
            }
        });
    }

    private void shutdown() {
        agent.drain(deadline);
        boolean clean = endedWithin(deadline.plus(LEAVING));
        Runtime.getRuntime().halt((clean ? ExitCode.OK : ExitCode.FAILED).code());
    }

    private boolean endedWithin(Duration limit) {
        try {
            return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The agent has ended. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook runs already and will end the process.
        }
    }
}
