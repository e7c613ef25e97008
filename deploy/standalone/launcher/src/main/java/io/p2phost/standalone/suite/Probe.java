package io.p2phost.standalone.suite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a management port of this machine how a service is. */
public final class Probe {
    /** What came back. */
    public enum Answer {
        /** 200. */
        YES,
        /** Another status. */
        NO,
        /** Nobody listens. */
        CLOSED,
        /** Connected, or tried to, and heard nothing in time. */
        SILENT
    }

    private static final int STATUS_LINE_BYTES = 12;

    private Probe() {}

    public static Answer readiness(int managementPort, Duration deadline) {
        return get(managementPort, "/actuator/health/readiness", deadline);
    }

    public static Answer liveness(int managementPort, Duration deadline) {
        return get(managementPort, "/actuator/health/liveness", deadline);
    }

    // By hand, because every HTTP client of the JDK brings threads and 10 MB for a question of one line.
    private static Answer get(int port, String path, Duration deadline) {
        int millis = Math.toIntExact(deadline.toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), millis);
            socket.setSoTimeout(millis);
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes(STATUS_LINE_BYTES), StandardCharsets.US_ASCII);
            // Read to the end: a connection closed with bytes under way is an error in the service's log.
            in.readAllBytes();
            return status.endsWith(" 200") ? Answer.YES : Answer.NO;
        } catch (ConnectException e) {
            return Answer.CLOSED;
        } catch (IOException e) {
            return Answer.SILENT;
        }
    }
}
