package io.p2phost.standalone.packager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningTest {
    @TempDir
    Path folder;

    private Path archive;

    @BeforeEach
    void archive() throws IOException {
        archive = Files.writeString(folder.resolve("a b.tar.gz"), "content");
    }

    private Signing by(String script, Duration limit) throws IOException {
        Path program = folder.resolve("sign it");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new Signing(program.toString(), limit);
    }

    private Signing by(String script) throws IOException {
        return by(script, Duration.ofSeconds(30));
    }

    @Test
    void programGetsThePathAndItsSignatureIsTaken() throws Exception {
        assertThat(by("printf 'signed %s' \"$(cat \"$1\")\" > \"$1.sig\"").sign(archive))
                .hasValueSatisfying(signature -> assertThat(signature)
                        .hasFileName("a b.tar.gz.sig")
                        .content()
                        .isEqualTo("signed content"));
    }

    @Test
    void withoutAProgramNothingIsSigned() throws Exception {
        assertThat(new Signing("", Duration.ofSeconds(1)).sign(archive)).isEmpty();
    }

    @Test
    void whatIsNotASignatureEndsTheBuild() throws IOException {
        assertThatThrownBy(() -> by("echo half > \"$1.sig\"; exit 3").sign(archive))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended with 3");
        Files.delete(folder.resolve("a b.tar.gz.sig"));
        assertThatThrownBy(() -> by("exit 0").sign(archive)).hasMessageContaining("left no a b.tar.gz.sig");
        assertThatThrownBy(() -> by(": > \"$1.sig\"").sign(archive)).hasMessageContaining("left no");
        assertThatThrownBy(() -> by("exec sleep 60", Duration.ofMillis(100)).sign(archive))
                .hasMessageContaining("did not end");
        assertThatThrownBy(() -> new Signing(folder.resolve("none").toString(), Duration.ofSeconds(1)).sign(archive))
                .isInstanceOf(IOException.class);
    }
}
