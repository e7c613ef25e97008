package io.p2phost.standalone.home;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFoldersTest {
    @TempDir
    Path root;

    private Home home;

    @BeforeEach
    void home() {
        home = new Home(root);
    }

    @Test
    void aNewHomeIsFine() {
        assertThatCode(() -> DataFolders.check(home)).doesNotThrowAnyException();
    }

    @Test
    void wholeFoldersAreFine() throws IOException {
        postgresql("18\n");
        kafka("node.id=1\nversion=1\ncluster.id=abc\n");

        assertThatCode(() -> DataFolders.check(home)).doesNotThrowAnyException();
    }

    @Test
    void aPostgresqlFolderWithoutItsVersionIsRefused() throws IOException {
        Files.createDirectories(home.postgresql().resolve("base"));

        assertThatThrownBy(() -> DataFolders.check(home))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(home.postgresql().toString())
                .hasMessageContaining("no PG_VERSION")
                .hasMessageContaining("--fresh");
    }

    @Test
    void anotherVersionIsNamedWithTheExpectedOne() throws IOException {
        postgresql("13\n");

        assertThatThrownBy(() -> DataFolders.check(home)).hasMessageContaining("PG_VERSION: 13 (expected: 18)");
    }

    @Test
    void aFolderThatLostItsControlFileIsRefused() throws IOException {
        postgresql("18\n");
        Files.delete(home.postgresql().resolve("global/pg_control"));

        assertThatThrownBy(() -> DataFolders.check(home)).hasMessageContaining("global/pg_control");
    }

    @Test
    void aKafkaFolderWithoutItsIdentityIsRefused() throws IOException {
        Files.createDirectories(home.kafka().resolve("p2p.audit.v1-0"));
        assertThatThrownBy(() -> DataFolders.check(home))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("no meta.properties");

        kafka("node.id=1\nversion=1\n");
        assertThatThrownBy(() -> DataFolders.check(home))
                .hasMessageContaining("meta.properties: cluster.id is missing");

        kafka("\\u00zz");
        assertThatThrownBy(() -> DataFolders.check(home)).hasMessageContaining("meta.properties cannot be read");
    }

    private void postgresql(String version) throws IOException {
        Files.createDirectories(home.postgresql().resolve("global"));
        Files.writeString(home.postgresql().resolve("PG_VERSION"), version);
        Files.writeString(home.postgresql().resolve("global/pg_control"), "x");
    }

    private void kafka(String meta) throws IOException {
        Files.createDirectories(home.kafka());
        Files.writeString(home.kafka().resolve("meta.properties"), meta);
    }
}
