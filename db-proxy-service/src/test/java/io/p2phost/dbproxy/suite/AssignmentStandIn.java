package io.p2phost.dbproxy.suite;

import io.p2phost.contracts.Json;
import io.p2phost.ro.sim.Endpoint;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Assignment as db-proxy sees it, with a fault of its own for each kind of request. */
final class AssignmentStandIn implements AutoCloseable {
    /** Longer than db-proxy waits for a decision, shorter than it waits until a loss is taken. */
    static final Duration LATE = Duration.ofSeconds(3);

    private static final int BACKLOG = 50;

    private final Endpoint at;
    private final Map<Kind, Fault> faults = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private @Nullable ServerSocket listening;

    /** What it is asked. */
    enum Kind {
        DECISION("/internal/v1/decisions", 200, "{\"decision\":\"VPS\"}"),
        LOSS("/internal/v1/failovers", 202, "{\"moved\":[]}");

        private final String path;
        private final int status;
        private final String answer;

        Kind(String path, int status, String answer) {
            this.path = path;
            this.status = status;
            this.answer = answer;
        }

        static Kind of(String requestLine) {
            for (Kind kind : values()) {
                if (requestLine.startsWith("POST " + kind.path + " ")) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(requestLine);
        }
    }

    /** What becomes of a request. */
    enum Fault {
        NONE,
        /** It is answered as it should be, after a while. */
        LATE,
        /** It is read and never answered. */
        HANGS,
        /** The answer begins, and never ends. */
        TRICKLES,
        ERROR,
        /** What something in between says for it. */
        UNAVAILABLE,
        /** It succeeds, with what is no JSON. */
        NONSENSE,
        RESET,
        /** Nobody listens. */
        GONE
    }

    /** A request that came. */
    record Asked(Kind kind, JsonNode body) {
        boolean isAbout(String field, String value) {
            return body.path(field).asString("").equals(value);
        }
    }

    AssignmentStandIn(Endpoint at) {
        this.at = at;
        fault(Fault.NONE);
    }

    String url() {
        return "http://" + at;
    }

    /** From now on, for all that comes. */
    void fault(Fault fault) {
        for (Kind kind : Kind.values()) {
            faults.put(kind, fault);
        }
        try {
            if (fault == Fault.GONE) {
                close();
            } else if (listening == null) {
                listen();
            }
        } catch (IOException e) {
            throw new IllegalStateException("assignment cannot be away, or back", e);
        }
    }

    /** From now on, for this kind only; it listens. */
    void fault(Kind kind, Fault fault) {
        faults.put(kind, fault);
    }

    /** What came of this kind so far. */
    List<Asked> asked(Kind kind) {
        return asked.stream().filter(each -> each.kind == kind).toList();
    }

    private void listen() throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at.port()), BACKLOG);
        listening = socket;
        Thread.ofVirtual().name("assignment").start(() -> accept(socket));
    }

    private void accept(ServerSocket from) {
        while (true) {
            try {
                Socket socket = from.accept();
                Thread.ofVirtual().name("asked").start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Kind kind = Kind.of(line(in));
            int length = 0;
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(
                            header.substring(header.indexOf(':') + 1).strip());
                }
            }
            // Judged by what is wrong when it comes.
            Fault fault = Objects.requireNonNull(faults.get(kind));
            asked.add(new Asked(kind, Json.mapper().readTree(in.readNBytes(length))));
            answer(socket, kind, fault);
        } catch (IOException e) {
            // Whoever asked has given up.
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static void answer(Socket socket, Kind kind, Fault fault) throws IOException {
        switch (fault) {
            case NONE -> answer(socket, kind.status, kind.answer);
            case LATE -> {
                untilLeft(socket, LATE);
                answer(socket, kind.status, kind.answer);
            }
            case HANGS -> untilLeft(socket, Duration.ofMinutes(1));
            case TRICKLES -> {
                write(socket, head(kind.status, 1_000) + "{");
                while (untilLeft(socket, Duration.ofMillis(200))) {
                    write(socket, " ");
                }
            }
            case ERROR -> answer(socket, 500, "{\"type\":\"about:blank\",\"status\":500,\"detail\":\"a fault\"}");
            case UNAVAILABLE -> answer(socket, 503, "null");
            case NONSENSE -> answer(socket, kind.status, "<html>welcome");
            case RESET -> socket.setSoLinger(true, 0);
            case GONE -> {}
        }
    }

    /** Whether he is still there then. */
    private static boolean untilLeft(Socket socket, Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    private static String head(int status, int length) {
        return "HTTP/1.1 " + status + " x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + length + "\r\n\r\n";
    }

    private static void answer(Socket socket, int status, String body) throws IOException {
        write(socket, head(status, body.length()) + body);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        ServerSocket socket = listening;
        if (socket != null) {
            listening = null;
            socket.close();
        }
    }
}
