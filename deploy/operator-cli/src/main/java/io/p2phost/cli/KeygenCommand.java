package io.p2phost.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code p2p-keygen}: an Ed25519 key pair in files, or a new signing key for the suite's tokens. */
@Command(
        name = "p2p-keygen",
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class,
        description = "Make an Ed25519 key pair, or change the suite's signing key.")
final class KeygenCommand implements Runnable {
    @Mixin
    private final Session session;

    @Option(names = "--out", paramLabel = "FILE", description = "Private key (PKCS#8 PEM, 0600); FILE.pub is public.")
    private @Nullable Path out;

    @Option(names = "--rotate", description = "Sign tokens with a new key; the old one stays valid for a while.")
    private boolean rotate;

    @Spec
    private @Nullable CommandSpec spec;

    private KeygenCommand(Session session) {
        this.session = session;
    }

    static CommandLine commandLine(Session.World world) {
        return Cli.configure(new CommandLine(new KeygenCommand(new Session(world))), world);
    }

    @Override
    public void run() {
        if (rotate == (out != null)) {
            throw new ParameterException(
                    java.util.Objects.requireNonNull(spec).commandLine(), "one of --out FILE and --rotate is needed");
        }
        if (out != null) {
            make(out);
        } else {
            session.show(session.call(gateway -> gateway.post("signing-keys:rotate", Map.of())));
        }
    }

    private void make(Path file) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            Path publicFile = file.resolveSibling(file.getFileName() + ".pub");
            write(file, "rw-------", pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            write(publicFile, "rw-r--r--", pem("PUBLIC KEY", pair.getPublic().getEncoded()));
            session.out().println(file + " and " + publicFile + " written");
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw new CliFailure(CliFailure.USAGE, e.getFile() + ": exists already (expected: a new file)", e);
        } catch (IOException e) {
            throw new CliFailure(CliFailure.USAGE, file + ": cannot be written: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    /** Created with its final permissions: there is no moment in which others could open it. */
    private static void write(Path file, String permissions, String text) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
        try (SeekableByteChannel channel = Files.newByteChannel(file, options, attributes)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }
}
