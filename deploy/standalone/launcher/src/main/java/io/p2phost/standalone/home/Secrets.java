package io.p2phost.standalone.home;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The suite's secrets: one folder per service, one file per property, in the layout that Spring reads with
 * {@code configtree:}. Made once; later starts use what is there.
 */
public final class Secrets {
    public static final String PASSWORD = "spring.datasource.password";
    static final String PRIVATE_KEY = "p2p.tokens.private-key";
    static final String SERVICE_KEYS = "p2p.tokens.service-keys";
    static final String ADMIN_KEY = "p2p.registry.admin-api-key";
    static final String ENCRYPTION_KEY = "p2p.registry.key-encryption-key";
    private static final String SUPERUSER = "postgresql";
    private static final int PUBLIC_KEY_BYTES = 32;
    private static final String KEY_ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final Home home;

    private Secrets(Home home) {
        this.home = home;
    }

    /** Makes what is missing on a first start, and checks on later ones that nothing was lost. */
    public static Secrets ensure(Home home) throws Refusal {
        Secrets secrets = new Secrets(home);
        try {
            if (!Files.exists(home.secrets())) {
                // Made beside its place and moved: an interrupted first start leaves no half set of keys.
                Path fresh = home.secrets().resolveSibling("secrets.new");
                Home.delete(fresh);
                make(fresh);
                Files.move(fresh, home.secrets());
            }
            secrets.check();
            String adminKey = secrets.read(ServiceName.HOST_REGISTRY.id(), ADMIN_KEY);
            write(home.adminKey(), adminKey + "\n");
            return secrets;
        } catch (IOException e) {
            throw Faults.writing(home.secrets(), e);
        }
    }

    /** Password of a service's database role. */
    public String databasePassword(ServiceName service) throws Refusal {
        return readOrRefuse(service.id(), PASSWORD);
    }

    /** Password of the database's owner, used by the launcher alone. */
    public String superuserPassword() throws Refusal {
        return readOrRefuse(SUPERUSER, PASSWORD);
    }

    public Path superuserPasswordFile() {
        return home.secrets().resolve(SUPERUSER).resolve(PASSWORD);
    }

    private static void make(Path root) throws IOException {
        SecureRandom random = new SecureRandom();
        Map<ServiceName, KeyPair> keys = new EnumMap<>(ServiceName.class);
        for (ServiceName service : ServiceName.values()) {
            keys.put(service, newKeyPair());
        }
        String serviceKeys = jwks(keys);
        folder(root);
        for (Map.Entry<ServiceName, KeyPair> entry : keys.entrySet()) {
            ServiceName service = entry.getKey();
            Path folder = folder(root.resolve(service.id()));
            if (service.hasSchema()) {
                write(folder.resolve(PASSWORD), password(random));
            }
            byte[] privateKey = entry.getValue().getPrivate().getEncoded();
            write(folder.resolve(PRIVATE_KEY), Base64.getEncoder().encodeToString(privateKey));
            write(folder.resolve(SERVICE_KEYS), serviceKeys);
        }
        Path registry = root.resolve(ServiceName.HOST_REGISTRY.id());
        write(registry.resolve(ADMIN_KEY), adminKey(random));
        write(registry.resolve(ENCRYPTION_KEY), Base64.getEncoder().encodeToString(bytes(random)));
        write(folder(root.resolve(SUPERUSER)).resolve(PASSWORD), password(random));
    }

    private void check() throws Refusal {
        for (ServiceName service : ServiceName.values()) {
            if (service.hasSchema()) {
                readOrRefuse(service.id(), PASSWORD);
            }
            readOrRefuse(service.id(), PRIVATE_KEY);
            readOrRefuse(service.id(), SERVICE_KEYS);
        }
        readOrRefuse(ServiceName.HOST_REGISTRY.id(), ADMIN_KEY);
        readOrRefuse(ServiceName.HOST_REGISTRY.id(), ENCRYPTION_KEY);
        superuserPassword();
    }

    private String readOrRefuse(String owner, String property) throws Refusal {
        Path file = home.secrets().resolve(owner).resolve(property);
        try {
            String value = read(owner, property);
            if (!value.isBlank()) {
                return value;
            }
        } catch (IOException e) {
            // Missing and unreadable mean the same to the user: this file must come back.
        }
        throw new Refusal("The secret " + file + " is missing or empty: restore it from a backup, or start anew with"
                + " ./p2p up --fresh (this deletes all state).");
    }

    private String read(String owner, String property) throws IOException {
        return Files.readString(home.secrets().resolve(owner).resolve(property)).strip();
    }

    private static KeyPair newKeyPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    private static String jwks(Map<ServiceName, KeyPair> keys) {
        StringJoiner entries = new StringJoiner(",", "{\"keys\":[", "]}");
        keys.forEach((service, pair) -> {
            // An X.509 Ed25519 key is a fixed prefix and then the 32 bytes of the key.
            byte[] encoded = pair.getPublic().getEncoded();
            byte[] raw = Arrays.copyOfRange(encoded, encoded.length - PUBLIC_KEY_BYTES, encoded.length);
            entries.add("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"sig\",\"alg\":\"EdDSA\",\"kid\":\""
                    + service.id() + "\",\"x\":\"" + base64Url(raw) + "\"}");
        });
        return entries.toString();
    }

    private static String adminKey(SecureRandom random) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            id.append(KEY_ID_LETTERS.charAt(random.nextInt(KEY_ID_LETTERS.length())));
        }
        return "p2p_" + id + "_" + base64Url(bytes(random));
    }

    private static String password(SecureRandom random) {
        return base64Url(bytes(random));
    }

    private static byte[] bytes(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Path folder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Home.ownerOnly(folder);
        return folder;
    }

    private static void write(Path file, String text) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file);
            Home.ownerOnly(file);
        }
        Files.writeString(file, text);
    }
}
