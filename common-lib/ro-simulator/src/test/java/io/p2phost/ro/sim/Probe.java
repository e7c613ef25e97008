package io.p2phost.ro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.List;

/** A hand-made peer: keeps what it is sent, and sends what a test wants. */
final class Probe implements Wire {
    private final Link link;
    private final List<Packet> received = new ArrayList<>();
    private boolean closed;

    Probe(Link link) {
        this.link = link;
        link.opened(this);
    }

    @Override
    public void send(Packet packet) {
        received.add(packet.copy());
    }

    @Override
    public void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }

    Probe say(Packet packet) {
        link.packet(packet.copy());
        return this;
    }

    /** The connection breaks. */
    void leave() {
        link.closed();
    }

    /** Ids of what came since the last time somebody looked, in hex. */
    List<String> ids() {
        List<String> ids = received.stream()
                .map(packet -> String.format("%04x", packet.id()))
                .toList();
        received.clear();
        return ids;
    }

    /** Everything since the last look. */
    List<Packet> take() {
        List<Packet> taken = List.copyOf(received);
        received.clear();
        return taken;
    }

    /** The only packet of this id since the last look, which ends here. */
    Packet only(int id) {
        List<Packet> found =
                received.stream().filter(packet -> packet.id() == id).toList();
        received.clear();
        assertThat(found).as("packets %04x", id).hasSize(1);
        return found.getFirst();
    }
}
