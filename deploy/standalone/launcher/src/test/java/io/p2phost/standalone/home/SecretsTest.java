package io.p2phost.standalone.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @TempDir
    Path root;

    private Home home;

    @BeforeEach
    void firstStart() throws Refusal {
        home = new Home(root);
        home.create();
        Secrets.ensure(home);
    }

    @Test
    void onlyTheOwnerCanReadThem() throws IOException {
        try (Stream<Path> all = Files.walk(home.secrets())) {
            assertThat(all.toList())
                    .allSatisfy(path ->
                            assertThat(rights(path)).isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
        assertThat(rights(home.adminKey())).isEqualTo("rw-------");
    }

    @Test
    void eachServiceHasItsOwnPasswordAndKey() throws IOException {
        assertThat(Stream.of(ServiceName.values())
                        .filter(ServiceName::hasSchema)
                        .map(s -> secret(s, Secrets.PASSWORD)))
                .hasSize(6)
                .doesNotHaveDuplicates();
        assertThat(Stream.of(ServiceName.values()).map(s -> secret(s, Secrets.PRIVATE_KEY)))
                .doesNotHaveDuplicates();
        assertThat(home.secrets().resolve("gateway").resolve(Secrets.PASSWORD)).doesNotExist();
    }

    @Test
    void everybodyHasTheSamePublicKeysAndTheyFitThePrivateOnes() throws Exception {
        assertThat(Stream.of(ServiceName.values())
                        .map(s -> secret(s, Secrets.SERVICE_KEYS))
                        .distinct())
                .hasSize(1);
        String jwks = secret(ServiceName.RELAY, Secrets.SERVICE_KEYS);
        for (ServiceName service : ServiceName.values()) {
            Matcher x = Pattern.compile("\"kid\":\"" + service.id() + "\",\"x\":\"([\\w-]{43})\"")
                    .matcher(jwks);
            assertThat(x.find()).as(service.id()).isTrue();
            byte[] message = "hello".getBytes(StandardCharsets.UTF_8);
            Signature signing = Signature.getInstance("Ed25519");
            signing.initSign(privateKey(secret(service, Secrets.PRIVATE_KEY)));
            signing.update(message);
            Signature verifying = Signature.getInstance("Ed25519");
            verifying.initVerify(publicKey(x.group(1)));
            verifying.update(message);
            assertThat(verifying.verify(signing.sign())).as(service.id()).isTrue();
        }
    }

    @Test
    void theAdminKeyHasTheFormOfAnApiKeyAndIsTheRegistrysOne() throws IOException {
        String key = Files.readString(home.adminKey()).strip();

        assertThat(key).matches("p2p_[a-z0-9]{8}_[A-Za-z0-9_-]{43}");
        assertThat(secret(ServiceName.HOST_REGISTRY, Secrets.ADMIN_KEY)).isEqualTo(key);
        assertThat(Base64.getDecoder().decode(secret(ServiceName.HOST_REGISTRY, Secrets.ENCRYPTION_KEY)))
                .hasSize(32);
    }

    @Test
    void laterStartsKeepThem() throws Exception {
        String before = secret(ServiceName.METRICS, Secrets.PASSWORD);
        String key = Files.readString(home.adminKey());
        Files.delete(home.adminKey());

        Secrets.ensure(home);

        assertThat(secret(ServiceName.METRICS, Secrets.PASSWORD)).isEqualTo(before);
        assertThat(home.adminKey()).hasContent(key);
    }

    @Test
    void aLostSecretIsNamed() throws IOException {
        Path lost = home.secrets().resolve("relay").resolve(Secrets.PRIVATE_KEY);
        Files.delete(lost);

        assertThatThrownBy(() -> Secrets.ensure(home))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(lost + " is missing or empty");
    }

    @Test
    void anInterruptedFirstStartLeavesNoHalfSet() throws Exception {
        Home.delete(home.secrets());
        Path half = Files.createDirectories(
                home.secrets().resolveSibling("secrets.new").resolve("relay"));
        Files.writeString(half.resolve(Secrets.PRIVATE_KEY), "half");

        Secrets.ensure(home);

        assertThat(secret(ServiceName.RELAY, Secrets.PRIVATE_KEY)).isNotEqualTo("half");
        assertThat(half).doesNotExist();
    }

    private String secret(ServiceName service, String property) {
        try {
            return Files.readString(home.secrets().resolve(service.id()).resolve(property));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String rights(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static PrivateKey privateKey(String base64) throws Exception {
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    private static PublicKey publicKey(String x) throws Exception {
        byte[] prefix = HexFormat.of().parseHex("302a300506032b6570032100");
        byte[] encoded = Arrays.copyOf(prefix, 44);
        System.arraycopy(Base64.getUrlDecoder().decode(x), 0, encoded, 12, 32);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}
