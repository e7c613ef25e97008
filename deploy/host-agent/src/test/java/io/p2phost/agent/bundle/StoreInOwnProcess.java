package io.p2phost.agent.bundle;

import io.p2phost.agent.Time;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A store in a process that the system lets write no file longer than a piece and a half: any user may be limited so. */
final class StoreInOwnProcess {
    /** In blocks of 512 bytes, as sh counts them. */
    private static final int LONGEST_FILE = 3 * 1024;

    private StoreInOwnProcess() {}

    static Process start(
            Path folder,
            PublicKey key,
            byte[] release,
            Map<BundleVersion, byte[]> manifests,
            Map<Sha256, byte[]> chunks)
            throws IOException {
        Path given = Files.createDirectories(folder.resolve("given"));
        Files.write(given.resolve("release"), release);
        for (Map.Entry<BundleVersion, byte[]> manifest : manifests.entrySet()) {
            Files.write(given.resolve(manifest.getKey().value()), manifest.getValue());
        }
        for (Map.Entry<Sha256, byte[]> chunk : chunks.entrySet()) {
            Files.write(given.resolve(chunk.getKey().hex()), chunk.getValue());
        }
        return new ProcessBuilder(List.of(
                        "/bin/sh",
                        "-c",
                        "ulimit -f " + LONGEST_FILE + " && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreInOwnProcess.class.getName(),
                        folder.toString(),
                        given.toString(),
                        Base64.getEncoder().encodeToString(key.getEncoded())))
                .redirectErrorStream(true)
                .start();
    }

    static String lastLine(Process process) throws IOException {
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return lines.isEmpty() ? "" : lines.getLast();
    }

    public static void main(String[] arguments) throws Exception {
        Path given = Path.of(arguments[1]);
        BundleSource source = new BundleSource() {
            @Override
            public byte[] release() throws IOException {
                return Files.readAllBytes(given.resolve("release"));
            }

            @Override
            public byte[] manifest(BundleVersion version) throws IOException {
                return Files.readAllBytes(given.resolve(version.value()));
            }

            @Override
            public byte[] chunk(Sha256 chunk) throws IOException {
                return Files.readAllBytes(given.resolve(chunk.hex()));
            }
        };
        PublicKey key = KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(arguments[2])));
        try {
            new BundleStore(Path.of(arguments[0]), key, source, Long.MAX_VALUE, Time.system()).update();
            System.out.println("whole");
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }
}
