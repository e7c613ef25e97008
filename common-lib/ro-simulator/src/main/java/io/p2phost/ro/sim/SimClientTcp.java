package io.p2phost.ro.sim;

import io.p2phost.ro.PacketLengths;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Function;

/** A simulated client over real sockets. */
public final class SimClientTcp implements AutoCloseable {
    private final SimTcp tcp;
    private final SimClient client;

    public SimClientTcp(Endpoint loginServer, String name, String password) {
        Clock clock = Clock.systemUTC();
        tcp = new SimTcp("sim-client", clock);
        client = new SimClient(loginServer, name, password, clock, tcp.dialer(this::cutter));
        tcp.start(client);
    }

    /** The client tells by its own state whom it is dialling. */
    private SimTcp.Cutter cutter(Endpoint to) {
        return switch (client.phase()) {
            case SELECTING -> new SimTcp.CharAnswers();
            case ENTERING, PLAYING -> SimTcp.cutter(SimTcp.clientLengths());
            case AWAY, LOGGING_IN -> SimTcp.cutter(new PacketLengths("login to client", ClientPackets.LOGIN_TO_CLIENT));
        };
    }

    /** Tells it something, in its own thread. */
    public void tell(Consumer<SimClient> command) {
        tcp.call(() -> {
            command.accept(client);
            return true;
        });
    }

    /** Asks it something, in its own thread. */
    public <T> T ask(Function<SimClient, T> question) {
        return tcp.call(() -> question.apply(client));
    }

    @Override
    public void close() {
        tcp.close();
    }
}
