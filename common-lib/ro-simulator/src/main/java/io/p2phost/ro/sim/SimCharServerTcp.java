package io.p2phost.ro.sim;

import io.p2phost.ro.PacketLengths;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.function.Function;

/** A simulated login-server and char-server at two ports of this machine. */
public final class SimCharServerTcp implements AutoCloseable {
    /** What rAthena listens with: more connects at once wait for the kernel's second try. */
    public static final int STOCK_BACKLOG = 5;

    private final SimTcp tcp;
    private final SimCharServer charServer;
    private final SimLoginServer loginServer;
    private final Endpoint loginEndpoint;
    private final Endpoint charEndpoint;

    /**
     * Starts both.
     *
     * @param settings whose announced address is where the char-server listens
     * @param backlog connects that wait to be accepted
     */
    public SimCharServerTcp(
            CharServerSettings settings,
            SimDatabase database,
            SimLoginServer loginServer,
            Endpoint loginEndpoint,
            int backlog)
            throws IOException {
        this(settings, database, loginServer, loginEndpoint, settings.announced(), backlog);
    }

    /**
     * Starts both, with something before the char-server.
     *
     * @param settings whose announced address is where clients are sent to
     * @param charEndpoint where the char-server listens
     */
    public SimCharServerTcp(
            CharServerSettings settings,
            SimDatabase database,
            SimLoginServer loginServer,
            Endpoint loginEndpoint,
            Endpoint charEndpoint,
            int backlog)
            throws IOException {
        Clock clock = Clock.systemUTC();
        this.loginServer = loginServer;
        this.charEndpoint = charEndpoint;
        charServer = new SimCharServer(settings, database, loginServer, clock);
        tcp = new SimTcp("sim-char-server", clock);
        try {
            InetSocketAddress login = tcp.listen(
                    loginEndpoint.socketAddress(),
                    backlog,
                    () -> SimTcp.cutter(new PacketLengths("client to login", ClientPackets.CLIENT_TO_LOGIN)),
                    loginServer);
            this.loginEndpoint = new Endpoint(loginEndpoint.address(), login.getPort());
            tcp.listen(charEndpoint.socketAddress(), backlog, SimTcp::charPort, charServer);
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
        tcp.start(charServer, loginServer);
    }

    public Endpoint loginEndpoint() {
        return loginEndpoint;
    }

    public Endpoint charEndpoint() {
        return charEndpoint;
    }

    /** Asks or tells the char-server something, in its own thread. */
    public <T> T ask(Function<SimCharServer, T> question) {
        return tcp.call(() -> question.apply(charServer));
    }

    /** The same for the login-server. */
    public <T> T askLogin(Function<SimLoginServer, T> question) {
        return tcp.call(() -> question.apply(loginServer));
    }

    /** Ends at once, as by kill -9; the database and the accounts stay with whoever made them. */
    @Override
    public void close() {
        tcp.close();
        charServer.stop();
    }
}
