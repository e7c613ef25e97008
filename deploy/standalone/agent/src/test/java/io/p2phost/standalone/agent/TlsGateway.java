package io.p2phost.standalone.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A gateway over TLS with a P-256 certificate. It enrols anybody, says what hosts need, and bans whoever asks for a certificate. */
final class TlsGateway implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final String HOST = "0f8fad5b-d9cb-469f-a165-70867728950e";

    /** The bodies that came, by the last part of their path. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    private final Path trust;
    private final HttpsServer server;

    TlsGateway(Path folder) throws Exception {
        Path keys = folder.resolve("gateway.p12");
        keytool(keys);
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(keys)) {
            own.load(stored, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("gateway", own.getCertificate("gateway"));
        trust = folder.resolve("trust.p12");
        try (OutputStream stored = Files.newOutputStream(trust)) {
            trusted.store(stored, PASSWORD.toCharArray());
        }
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(own)));
        server.createContext("/api/v1/", this::answer);
        server.start();
    }

    private static void keytool(Path keys) throws Exception {
        Process made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-J-XX:TieredStopAtLevel=1",
                        "-genkeypair",
                        "-alias",
                        "gateway",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=gateway",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        keys.toString())
                .inheritIO()
                .start();
        if (made.waitFor() != 0) {
            throw new IOException("keytool ended with " + made.exitValue());
        }
    }

    private static SSLContext context(KeyStore own) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    String uri() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What the agent's Java is told, that it trusts this gateway. */
    String trustOptions() {
        return "-Djavax.net.ssl.trustStore=" + trust + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String last = path.substring(path.lastIndexOf('/') + 1);
            calls.add(last + " " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (last.endsWith(":redeem")) {
                send(exchange, 201, "{\"hostId\":\"" + HOST + "\"}");
            } else if (last.equals("token")) {
                send(exchange, 200, "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
            } else if (last.equals("requirements")) {
                send(
                        exchange,
                        200,
                        "{\"version\":1,\"maxLatencyMs\":100000,\"tiers\":[{\"tier\":1,\"cpuGhz\":0.1,\"cpuCores\":1,"
                                + "\"ramGb\":0.1,\"networkMbps\":0}]}");
            } else {
                send(exchange, 403, "{\"type\":\"https://p2phost.dev/problems/blacklisted\",\"title\":\"banned\"}");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .set("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
