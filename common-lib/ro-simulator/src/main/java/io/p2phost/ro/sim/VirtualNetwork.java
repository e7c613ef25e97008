package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Machines wired to each other in virtual time: every delivery takes a seeded while, each direction of a connection
 * keeps its order, nothing else is promised. Connections can be cut, and endpoints can die.
 */
public final class VirtualNetwork implements InstantSource {
    private static final Duration MAX_DELAY = Duration.ofMillis(5);

    private final SplittableRandom random;
    private final Map<Endpoint, Listener> listeners = new HashMap<>();
    private final List<Machine> machines = new ArrayList<>();
    private final List<Pipe> pipes = new ArrayList<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::order));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long order;

    public VirtualNetwork(long seed) {
        random = new SplittableRandom(seed);
    }

    private record Event(Instant at, long order, Runnable task) {}

    @Override
    public Instant instant() {
        return now;
    }

    /** From now on {@link #run} drives it. */
    public void add(Machine machine) {
        machines.add(machine);
    }

    public void remove(Machine machine) {
        machines.remove(machine);
    }

    public void listen(Endpoint at, Listener listener) {
        listeners.put(at, listener);
    }

    /** Nobody listens there any more, and every connection to it is cut. */
    public void unlisten(Endpoint at) {
        listeners.remove(at);
        for (Pipe pipe : List.copyOf(pipes)) {
            if (pipe.to.equals(at)) {
                pipe.cut();
            }
        }
    }

    /** Everything its owner opened or accepted is cut; it dials no more. */
    public void kill(Host host) {
        host.dead = true;
        for (Pipe pipe : List.copyOf(pipes)) {
            if (pipe.from == host) {
                pipe.cut();
            }
        }
    }

    /** A place that dials from this address. */
    public Host host(String address) {
        return new Host(Endpoint.address(address));
    }

    /** Runs for this long of virtual time. */
    public void run(Duration time) {
        Instant end = now.plus(time);
        while (true) {
            Machine due = null;
            Instant next = events.isEmpty() ? null : events.element().at();
            for (Machine machine : machines) {
                Instant deadline = machine.nextDeadline();
                if (deadline != null && (next == null || deadline.isBefore(next))) {
                    next = deadline;
                    due = machine;
                }
            }
            if (next == null || next.isAfter(end)) {
                now = end;
                return;
            }
            if (next.isAfter(now)) {
                now = next;
            }
            if (due != null) {
                due.tick();
            } else {
                events.remove().task().run();
            }
        }
    }

    private void later(Instant at, Runnable task) {
        events.add(new Event(at, order++, task));
    }

    private Instant arrival(Instant notBefore) {
        Instant at = now.plusNanos(random.nextLong(1, MAX_DELAY.toNanos()));
        return at.isBefore(notBefore) ? notBefore : at;
    }

    /** Where a machine dials from. */
    public final class Host implements Dialer {
        private final int address;
        private boolean dead;

        private Host(int address) {
            this.address = address;
        }

        @Override
        public void dial(Endpoint to, Link link) {
            if (dead) {
                return;
            }
            later(arrival(now), () -> connect(to, link));
        }

        private void connect(Endpoint to, Link link) {
            Listener listener = listeners.get(to);
            if (dead) {
                return;
            }
            if (listener == null) {
                link.closed();
                return;
            }
            Pipe pipe = new Pipe(this, to, link, listener.accept(address));
            pipes.add(pipe);
            pipe.open();
        }
    }

    /** One connection: two directions, each with its own order. */
    private final class Pipe {
        private final Host from;
        private final Endpoint to;
        private final End dialled;
        private final End accepted;

        Pipe(Host from, Endpoint to, Link dialled, Link accepted) {
            this.from = from;
            this.to = to;
            this.dialled = new End(dialled);
            this.accepted = new End(accepted);
            this.dialled.peer = this.accepted;
            this.accepted.peer = this.dialled;
        }

        void open() {
            accepted.link.opened(accepted);
            if (!dialled.closed) {
                dialled.link.opened(dialled);
            }
        }

        /** Both sides see it end, and what is under way is lost. */
        void cut() {
            pipes.remove(this);
            dialled.lose();
            accepted.lose();
        }

        private final class End implements Wire {
            private final Link link;
            private @Nullable End peer;
            private boolean closed;
            private boolean lost;
            private Instant lastArrival = now;

            End(Link link) {
                this.link = link;
            }

            @Override
            public void send(Packet packet) {
                if (!closed) {
                    Packet copy = packet.copy();
                    deliver(peer -> peer.link.packet(copy));
                }
            }

            @Override
            public void close() {
                if (!closed) {
                    closed = true;
                    deliver(peer -> {
                        peer.closed = true;
                        pipes.remove(Pipe.this);
                        peer.link.closed();
                    });
                }
            }

            private void deliver(java.util.function.Consumer<End> what) {
                lastArrival = arrival(lastArrival);
                later(lastArrival, () -> {
                    if (peer != null && !peer.closed && !lost) {
                        what.accept(peer);
                    }
                });
            }

            private void lose() {
                lost = true;
                if (!closed) {
                    closed = true;
                    later(arrival(now), link::closed);
                }
            }
        }
    }
}
