package io.p2phost.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final List<BundleFile> FILES =
            List.of(Bundled.file("map-server", true), Bundled.file("npc/prontera.txt", false));
    private static final Manifest MANIFEST = Bundled.manifest("2026-11-23.1", FILES);
    private static final String JSON = new String(MANIFEST.bytes(), StandardCharsets.UTF_8);

    private static Manifest read(String json) {
        return Manifest.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsWrittenIsReadAndWrittenTheSame() {
        Manifest read = read(JSON);
        assertThat(read).isEqualTo(MANIFEST);
        assertThat(read.bytes()).isEqualTo(MANIFEST.bytes());
        assertThat(JSON)
                .startsWith("{\"format\":1,\"version\":\"2026-11-23.1\",\"packetVersion\":20200401,"
                        + "\"server\":\"map-server\",\"maps\":{\"prt_fild08\":{\"scripts\":[\"npc/prontera.txt\"]}},"
                        + "\"files\":[{\"path\":\"map-server\",\"size\":5,\"sha256\":");
    }

    @Test
    void theOrderOfTheFilesMakesNoDifference() {
        List<BundleFile> turned = new ArrayList<>(FILES);
        Collections.reverse(turned);
        assertThat(Bundled.manifest("2026-11-23.1", turned).bytes()).isEqualTo(MANIFEST.bytes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"format\":1' | '\"format\":2' | needs another version of the suite",
                "'\"format\":1' | '\"format\":1,\"format\":1' | Duplicate",
                "'\"format\":1' | '\"format\":1,\"more\":1' | more",
                "'\"format\":1,' | '' | format",
                "'\"format\":1' | '\"format\":1.5' | manifest.json:",
                "'\"packetVersion\":20200401' | '\"packetVersion\":\"20200401\"' | manifest.json:",
                "'\"packetVersion\":20200401' | '\"packetVersion\":7' | expected: a date such as 20200401",
                "'\"size\":5' | '\"size\":-5' | size: -5",
                "'\"size\":5' | '\"size\":99999999999' | size: 99999999999",
                "'\"size\":5' | '\"size\":1048577' | 1 chunks (expected: 2",
                "'\"size\":5' | '\"size\":0' | 1 chunks (expected: 0",
                "'\"server\":\"map-server\"' | '\"server\":\"npc/prontera.txt\"' | expected: an executable file",
                "'\"server\":\"map-server\"' | '\"server\":null' | manifest.json:",
                "'[\"npc/prontera.txt\"]' | '[\"npc/geffen.txt\"]' | expected: a file of the bundle",
                "'[\"npc/prontera.txt\"]' | '[\"npc/prontera.txt\",\"npc/prontera.txt\"]' | names a script twice",
                "'[\"npc/prontera.txt\"]' | '[null]' | null where a value is expected",
                "'\"prt_fild08\"' | '\"a_map_name_too_long\"' | a map-server can announce",
                "'\"path\":\"map-server\"' | '\"path\":\"../map-server\"' | a relative path of plain names",
                "'\"version\":\"2026-11-23.1\"' | '\"version\":\"../up\"' | version:",
            })
    void whatIsWrongIsNamed(String what, String instead, String message) {
        assertThat(JSON).contains(what);
        assertThatThrownBy(() -> read(JSON.replace(what, instead)))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining(message);
    }

    @Test
    void nothingFollowsTheManifest() {
        assertThatThrownBy(() -> read(JSON + "{}")).isInstanceOf(BundleException.class);
        assertThatThrownBy(() -> read("null")).isInstanceOf(BundleException.class);
        assertThatThrownBy(() -> read("")).isInstanceOf(BundleException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Map-Server", "MANIFEST.JSON", "npc", "map-server/x", "NPC/Prontera.TXT"})
    void aNameThatSomeSystemTakesForAnotherIsRefused(String path) {
        List<BundleFile> files = new ArrayList<>(FILES);
        files.add(Bundled.file(path, false));
        assertThatThrownBy(() -> Bundled.manifest("1", files)).isInstanceOf(BundleException.class);
    }

    @Test
    void moreFilesThanAllowedAreRefused() {
        List<BundleFile> files = new ArrayList<>(FILES);
        for (int i = files.size(); i <= Limits.FILES; i++) {
            files.add(Bundled.file("npc/" + i + ".txt", false));
        }
        assertThatThrownBy(() -> Bundled.manifest("1", files)).hasMessage("files: 20001 (expected: 0 to 20000)");
    }

    @Test
    void moreBytesThanAllowedInAllAreRefused() {
        List<BundleFile> files = new ArrayList<>(FILES);
        Sha256 any = Sha256.of(new byte[0]);
        for (int i = 0; i < 3; i++) {
            files.add(new BundleFile(
                    new BundlePath("db/" + i), Limits.FILE_BYTES, any, false, Collections.nCopies(256, any)));
        }
        assertThatThrownBy(() -> Bundled.manifest("1", files)).hasMessageStartingWith("bytes: ");
    }

    /** A manifest with a byte changed is refused in words, or is another consistent manifest; nothing else happens. */
    @Property(tries = 2000)
    void aChangedByteIsRefusedInWordsOrReadsAsAnotherManifest(
            @ForAll @IntRange(min = 0, max = 100_000) int at, @ForAll byte value) {
        byte[] bytes = MANIFEST.bytes();
        bytes[at % bytes.length] = value;
        readsOrIsRefused(bytes);
    }

    @Property(tries = 500)
    void aPieceOfAManifestIsRefused(@ForAll @IntRange(min = 0, max = 100_000) int length) {
        byte[] bytes = java.util.Arrays.copyOf(MANIFEST.bytes(), length % MANIFEST.bytes().length);
        assertThatThrownBy(() -> Manifest.read(bytes)).isInstanceOf(BundleException.class);
    }

    @Property(tries = 1000)
    void anyBytesAreRefusedInWords(@ForAll byte[] bytes) {
        readsOrIsRefused(bytes);
    }

    private static void readsOrIsRefused(byte[] bytes) {
        try {
            Manifest read = Manifest.read(bytes);
            assertThat(Manifest.read(read.bytes())).isEqualTo(read);
        } catch (BundleException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        }
    }
}
