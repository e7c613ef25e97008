package io.p2phost.standalone.packager;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThirdPartyTest {
    private final ThirdParty list = new ThirdParty(List.of("# comment", "netty-common\tApache-2.0\thttps://netty.io"));

    @TempDir
    Path folder;

    @Test
    void jarWithoutALicenceAndRowWithoutAJarAreFaults() {
        assertThat(list.faults(List.of("netty-common-4.2.17.Final.jar", "links-0.1.0.jar"), List.of("links")))
                .isEmpty();
        assertThat(list.faults(List.of("new-lib-1.jar"), List.of("links")))
                .containsExactly(
                        "new-lib-1.jar has no licence in the third-party list",
                        "netty-common is in the third-party list, but not in the archive");
    }

    @Test
    void tableNamesTheVersionThatIsPacked() {
        assertThat(list.table(List.of("netty-common-4.2.17.Final.jar", "links-0.1.0.jar")))
                .isEqualTo("| netty-common | 4.2.17.Final | Apache-2.0 | https://netty.io |\n");
    }

    @Test
    void jarsOwnLicenceTextsAreTaken() throws IOException {
        Path jar = folder.resolve("netty-common-1.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : List.of("META-INF/LICENSE.txt", "META-INF/MANIFEST.MF", "a/LICENSE.class")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        assertThat(list.texts(jar)).containsOnlyKeys("netty-common/LICENSE.txt");
    }
}
