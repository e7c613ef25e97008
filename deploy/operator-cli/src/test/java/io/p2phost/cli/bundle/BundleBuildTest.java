package io.p2phost.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.bundles.BundleException;
import io.p2phost.bundles.BundleFolder;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Manifest;
import io.p2phost.ro.layout.BuildLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleBuildTest {
    @TempDir
    Path dir;

    private Path tree;

    @BeforeEach
    void tree() throws IOException {
        tree = dir.resolve("tree");
        for (String file : List.of(
                "map-server",
                "LICENSE",
                "conf/groups.yml",
                "conf/import/map_conf.txt",
                "db/re/mob_db.yml",
                "db/pre-re/mob_db.yml",
                "npc/a.txt",
                "npc/b.txt")) {
            file(file, file.getBytes(StandardCharsets.UTF_8));
        }
        file("db/map_cache.dat", cache(Map.of("field", 5, "other", 70)));
        file("conf/inter_athena.conf", """
                party_share_level: 15
                start_status_points: 100
                emblem_woe_change: yes
                map_server_port: 3306
                map_server_pw: hunter2
                """.getBytes(StandardCharsets.UTF_8));
        file("conf/import/battle_conf.txt", "base_exp_rate: 300 // mine\nown: word\n".getBytes(StandardCharsets.UTF_8));
    }

    private void file(String path, byte[] bytes) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static byte[] cache(Map<String, Integer> maps) {
        int size = 8 + maps.values().stream().mapToInt(packed -> 20 + packed).sum();
        ByteBuffer cache = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        cache.putInt(size).putShort((short) maps.size()).putShort((short) 0);
        new TreeMap<>(maps).forEach((name, packed) -> {
            byte[] word = java.util.Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 12);
            cache.put(word).putShort((short) 9).putShort((short) 8).putInt(packed);
            for (int i = 0; i < packed; i++) {
                cache.put((byte) packed.intValue());
            }
        });
        return cache.array();
    }

    private BundleBuild.Plan plan(List<String> scripts) {
        return new BundleBuild.Plan(
                new BundleVersion("1"),
                20200401,
                Mode.PRE_RENEWAL,
                new TreeMap<>(Map.of("field", scripts)),
                List.of(tree.resolve("npc/b.txt")),
                "The source is offered at https://example.org/src.",
                List.of());
    }

    @Test
    void aBundleHoldsWhatTheMapsNeedAndNothingElse() throws IOException {
        Path out = dir.resolve("out/1");
        Manifest manifest = BundleBuild.into(out, new Tree(tree), plan(List.of("npc/a.txt")));
        try (Stream<Path> files = Files.walk(out)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> out.relativize(file).toString()))
                    .containsExactlyInAnyOrder(
                            "manifest.json",
                            "map-server",
                            "LICENSE",
                            "SOURCE.txt",
                            "lib/b.txt",
                            "conf/groups.yml",
                            "conf/import/battle_conf.txt",
                            "conf/inter_athena.conf",
                            "db/pre-re/mob_db.yml",
                            "db/map_cache.dat",
                            "npc/a.txt");
        }
        assertThat(BundleFolder.manifest(out)).isEqualTo(manifest);
        BundleFolder.verify(out, manifest);
        assertThat(out.resolve("db/map_cache.dat")).hasBinaryContent(cache(Map.of("field", 5)));
        assertThat(out.resolve("conf/import/battle_conf.txt")).hasContent("base_exp_rate: 300");
        assertThat(out.resolve("conf/inter_athena.conf"))
                .hasContent("start_status_points: 100\nemblem_woe_change: yes");
        assertThat(out.resolve("SOURCE.txt")).hasContent("The source is offered at https://example.org/src.");
    }

    @Test
    void theSameTreeGivesTheSameManifest() throws IOException {
        Manifest one = BundleBuild.into(dir.resolve("1"), new Tree(tree), plan(List.of("npc/a.txt")));
        Manifest two = BundleBuild.into(dir.resolve("2"), new Tree(tree), plan(List.of("npc/a.txt")));
        assertThat(two.bytes()).isEqualTo(one.bytes());
    }

    @Test
    void whatCannotBeBuiltLeavesNothingBehind() throws IOException {
        assertThatThrownBy(() -> BundleBuild.into(dir.resolve("1"), new Tree(tree), plan(List.of("npc/missing.txt"))))
                .isInstanceOf(BundleException.class)
                .hasMessageEndingWith("missing.txt: missing");
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactly(tree);
        }
        assertThatThrownBy(() -> BundleBuild.into(tree, new Tree(tree), plan(List.of())))
                .hasMessageContaining("exists already");
    }

    @Test
    void aCacheThatIsNotUnderstoodStaysWhole() {
        byte[] cache = cache(Map.of("field", 5, "other", 70));
        for (int length = 0; length < cache.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(cache, length);
            assertThat(MapCache.reduced(cut, Set.of("field"))).isEqualTo(cut);
        }
        assertThat(MapCache.reduced(cache, Set.of("field"))).isEqualTo(cache(Map.of("field", 5)));
        assertThat(MapCache.reduced(cache, Set.of())).isEqualTo(cache(Map.of()));
    }

    @Test
    void anotherBuildThanTheCharServersIsNamedByWhatDiffersFirst() {
        BuildLayout suite = Layouts.named(BuildLayout.LINUX_20200401);
        assertThat(Layouts.difference(suite, suite)).isEmpty();
        BuildLayout older = Layouts.named(BuildLayout.LINUX_BEFORE_20190522);
        assertThat(Layouts.difference(older, suite))
                .hasValueSatisfying(words -> assertThat(words).startsWith("packet version "));
        BuildLayout renamed =
                new BuildLayout("mine", suite.packetver(), suite.mode(), suite.platform(), older.structs());
        assertThat(Layouts.difference(renamed, suite))
                .hasValueSatisfying(words -> assertThat(words).contains("bytes, as linux-x86_64-20200401"));
        assertThatThrownBy(() -> Layouts.named("no")).isInstanceOf(IllegalArgumentException.class);
    }
}
