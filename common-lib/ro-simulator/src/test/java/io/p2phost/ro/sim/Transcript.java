package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.List;

/** Everything that passes a listener, in both directions. */
final class Transcript {
    private final List<Entry> entries = new ArrayList<>();

    /** @param toListener whether the one who connected sent it */
    record Entry(int connection, boolean toListener, Packet packet) {
        String id() {
            return String.format("%04x", packet.id());
        }
    }

    private int connections;

    Listener around(Listener inner) {
        return address -> new Tapped(inner.accept(address), connections++);
    }

    /** What the one who connected as number {@code connection} said, as ids. */
    List<String> said(int connection) {
        return entries.stream()
                .filter(entry -> entry.toListener && entry.connection == connection)
                .map(Entry::id)
                .toList();
    }

    List<Entry> entries() {
        return entries;
    }

    void clear() {
        entries.clear();
    }

    private final class Tapped implements Link {
        private final Link inner;
        private final int connection;

        Tapped(Link inner, int connection) {
            this.inner = inner;
            this.connection = connection;
        }

        @Override
        public void opened(Wire wire) {
            inner.opened(new Wire() {
                @Override
                public void send(Packet packet) {
                    entries.add(new Entry(connection, false, packet.copy()));
                    wire.send(packet);
                }

                @Override
                public void close() {
                    wire.close();
                }
            });
        }

        @Override
        public void packet(Packet packet) {
            entries.add(new Entry(connection, true, packet.copy()));
            inner.packet(packet);
        }

        @Override
        public void closed() {
            inner.closed();
        }
    }
}
