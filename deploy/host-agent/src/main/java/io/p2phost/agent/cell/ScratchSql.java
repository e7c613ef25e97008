package io.p2phost.agent.cell;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database that holds nothing, for the cells of this agent: a stock map-server does not start without one, and runs
 * well with one that has no tables. It listens at loopback and knows one user, whose password is another at each start.
 */
public final class ScratchSql implements AutoCloseable {
    static final String USER = "p2p-cell";

    /** A map-server opens two, and pings each. */
    private static final int PER_CELL = 4;

    /** Told to map-servers, which ping half a minute before. */
    static final Duration WAIT = Duration.ofMinutes(2);

    private static final Duration IDLE = WAIT.plusMinutes(1);
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(ScratchSql.class);

    private final ServerSocket server;
    private final String password;
    private final SecureRandom random = new SecureRandom();
    private final int mostConnections;
    private final Duration idle;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean closed;

    private ScratchSql(ServerSocket server, int mostConnections, Duration idle) {
        this.server = server;
        this.mostConnections = mostConnections;
        this.idle = idle;
        byte[] secret = new byte[16];
        random.nextBytes(secret);
        this.password = HexFormat.of().formatHex(secret);
    }

    /** Listens for that many map-servers at a free port of loopback. */
    public static ScratchSql open(int cells) {
        return open(cells * PER_CELL, IDLE);
    }

    static ScratchSql open(int mostConnections, Duration idle) {
        try {
            ServerSocket server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 64);
            ScratchSql sql = new ScratchSql(server, mostConnections, idle);
            Thread.ofVirtual().name("scratch-sql").start(sql::accept);
            return sql;
        } catch (IOException e) {
            throw new UncheckedIOException("no local port for the cells' database: " + e.getMessage(), e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    String password() {
        return password;
    }

    int connections() {
        return open.size();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = server.accept();
                if (open.size() >= mostConnections) {
                    if (refused.getAndIncrement() == 0) {
                        log.warn("the cells' database refuses connections beyond {}", mostConnections);
                    }
                    client.close();
                    continue;
                }
                open.add(client);
                Thread.ofVirtual().name("scratch-sql-" + client.getPort()).start(() -> serve(client));
            } catch (IOException e) {
                if (!closed) {
                    log.warn("the cells' database: {}", e.toString());
                    pause();
                }
            }
        }
    }

    /** Out of file handles, accepting fails at once each time. */
    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            client.setSoTimeout(Math.toIntExact(HANDSHAKE.toMillis()));
            byte[] salt = new byte[SqlSession.SALT_BYTES];
            random.nextBytes(salt);
            SqlSession session = new SqlSession(
                    new BufferedInputStream(client.getInputStream(), 1024),
                    client.getOutputStream(),
                    USER,
                    password,
                    salt);
            if (session.login()) {
                client.setSoTimeout(Math.toIntExact(idle.toMillis()));
                while (session.answerOne()) {
                    // Until it quits.
                }
            }
        } catch (SocketTimeoutException e) {
            log.debug("a client of the cells' database is silent");
        } catch (IOException e) {
            log.debug("a client of the cells' database: {}", e.toString());
        } finally {
            open.remove(client);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException e) {
            log.debug("closing: {}", e.toString());
        }
    }
}
