package io.p2phost.e2e;

import io.p2phost.contracts.ServiceName;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/** A call as a service of the suite makes it to another: on its own port, with a token signed by its own key. */
final class ServiceCall {
    private ServiceCall() {}

    static HttpResponse<String> post(Path secrets, ServiceName from, ServiceName to, URI address, String body)
            throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(address)
                            .header("Authorization", "Bearer " + token(secrets, from, to))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String token(Path secrets, ServiceName from, ServiceName to) throws Exception {
        String key = Files.readString(secrets.resolve(from.id()).resolve("p2p.tokens.private-key"));
        PrivateKey privateKey = KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key.strip())));
        long now = Instant.now().getEpochSecond();
        String signed = encoded("{\"alg\":\"EdDSA\",\"typ\":\"p2p-service+jwt\",\"kid\":\"" + from.id() + "\"}")
                + '.'
                + encoded("{\"iss\":\"" + from.id() + "\",\"sub\":\"" + from.id() + "\",\"aud\":\"" + to.id()
                        + "\",\"iat\":" + now + ",\"exp\":" + (now + 60) + "}");
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(privateKey);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
