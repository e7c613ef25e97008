package io.p2phost.agent.home;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import io.p2phost.contracts.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;

/**
 * One host's folder (mode 0700): {@code host.key} (Ed25519, PKCS#8 PEM, 0600), {@code agent.json} (identity),
 * {@code host_node.conf} and {@code manners.conf} (the player's own limits and manners, optional), {@code traffic.json},
 * {@code pause}, {@code consent}, {@code assignments.json}, {@code status.json}, {@code lock}, {@code cells/} (working folders of the map-servers that the
 * agent runs), {@code bundle.key} (the public key that signs bundles), {@code bundles/} (what was fetched).
 */
public final class AgentHome {
    private final Path directory;

    public AgentHome(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    public Path directory() {
        return directory;
    }

    Path keyFile() {
        return directory.resolve("host.key");
    }

    Path identityFile() {
        return directory.resolve("agent.json");
    }

    public Path assignmentsFile() {
        return directory.resolve("assignments.json");
    }

    public Path hostNodeConf() {
        return directory.resolve("host_node.conf");
    }

    /** When the owner wants his machine for himself (optional). */
    public Path mannersConf() {
        return directory.resolve("manners.conf");
    }

    /** What has been counted against the month's traffic. */
    public Path trafficFile() {
        return directory.resolve("traffic.json");
    }

    /** The owner's own pause, while there is one. */
    public Path pauseFile() {
        return directory.resolve("pause");
    }

    /** That the owner agreed to what runs here. */
    public Path consentFile() {
        return directory.resolve("consent");
    }

    public Path statusFile() {
        return directory.resolve("status.json");
    }

    public Path cells() {
        return directory.resolve("cells");
    }

    /** The bundles that were fetched. */
    public Path bundles() {
        return directory.resolve("bundles");
    }

    private Path bundleKeyFile() {
        return directory.resolve("bundle.key");
    }

    Path lockFile() {
        return directory.resolve("lock");
    }

    /** All that an agent makes or reads here, but the lock; what proves who the host is comes last. */
    List<Path> known() {
        return List.of(
                cells(),
                bundles(),
                statusFile(),
                assignmentsFile(),
                trafficFile(),
                pauseFile(),
                consentFile(),
                hostNodeConf(),
                mannersConf(),
                bundleKeyFile(),
                keyFile(),
                identityFile());
    }

    public boolean enrolled() {
        return Files.exists(identityFile());
    }

    /** Makes the folder, readable by its owner only. */
    public void create() {
        try {
            Files.createDirectories(directory);
            AtomicFile.ownerOnly(directory, "rwx------");
        } catch (IOException e) {
            throw new AgentFailure(
                    ExitCode.HOME, "home: " + directory + " (expected: a folder that can be made): " + e, e);
        }
    }

    /** Makes the host's key, or reads the one that an interrupted enrolment left: repeating it must prove the same key. */
    public HostKey createOrReadKey() {
        if (Files.exists(keyFile())) {
            return readKey();
        }
        HostKey key = HostKey.generate();
        try {
            AtomicFile.write(keyFile(), key.toPem());
        } catch (IOException e) {
            throw new AgentFailure(ExitCode.HOME, "key: cannot be written to " + keyFile() + ": " + e, e);
        }
        return key;
    }

    /** Reads the key; refuses one that others on this machine could have read. */
    public HostKey readKey() {
        try {
            if (AtomicFile.posix()) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(keyFile());
                if (!Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
                        .containsAll(permissions)) {
                    throw new AgentFailure(
                            ExitCode.HOME,
                            "key: " + keyFile() + " can be read by others (expected: mode 0600; run chmod 600 on it)");
                }
            }
            return HostKey.fromPem(Files.readString(keyFile()));
        } catch (IOException | IllegalArgumentException e) {
            throw new AgentFailure(
                    ExitCode.HOME,
                    "key: " + keyFile() + " cannot be read (expected: an Ed25519 key in PKCS#8 PEM): " + e.getMessage(),
                    e);
        }
    }

    /**
     * Keeps the key that signs bundles, as enrolment gave it.
     *
     * @param base64 its X.509 form
     */
    public void writeBundleKey(String base64) {
        try {
            parseBundleKey(base64);
            AtomicFile.write(bundleKeyFile(), base64);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new AgentFailure(
                    ExitCode.HOME, "bundle key: cannot be kept in " + bundleKeyFile() + ": " + firstLine(e), e);
        }
    }

    /** The key that signs bundles. */
    public PublicKey readBundleKey() {
        if (!Files.exists(bundleKeyFile())) {
            throw new AgentFailure(
                    ExitCode.HOME,
                    "home: " + bundleKeyFile() + " is missing: this host was enrolled before the server had bundles"
                            + " (expected: a new enrolment, or run --bundle DIR)");
        }
        try {
            return parseBundleKey(Files.readString(bundleKeyFile()).strip());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new AgentFailure(
                    ExitCode.HOME,
                    "home: " + bundleKeyFile() + " cannot be read (expected: an Ed25519 key): " + firstLine(e),
                    e);
        }
    }

    private static PublicKey parseBundleKey(String base64) throws GeneralSecurityException {
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    public void writeIdentity(AgentIdentity identity) {
        try {
            AtomicFile.write(identityFile(), Json.mapper().writeValueAsString(identity));
        } catch (IOException e) {
            throw new AgentFailure(ExitCode.HOME, "identity: cannot be written to " + identityFile() + ": " + e, e);
        }
    }

    public AgentIdentity readIdentity() {
        if (!enrolled()) {
            throw new AgentFailure(
                    ExitCode.HOME,
                    "home: " + directory
                            + " is not enrolled (expected: p2p-host enroll --home … --gateway … CODE first)");
        }
        try {
            return Json.mapper().readValue(Files.readString(identityFile()), AgentIdentity.class);
        } catch (IOException | JacksonException e) {
            throw new AgentFailure(
                    ExitCode.HOME, "identity: " + identityFile() + " cannot be read: " + firstLine(e), e);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
    }
}
