package io.p2phost.security.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceFilesTest {
    static final Path SHIPPED = Path.of("..", "deploy", "config", "reference");

    @TempDir
    private Path root;

    @Test
    void theShippedReferenceIsReadThroughItsImports() {
        Reference reference = new ReferenceFiles(SHIPPED, ReferenceFiles.Mode.PRE_RENEWAL).load();

        Monster poring = reference.monster(1002).orElseThrow();
        assertThat(poring.level()).isEqualTo(1);
        assertThat(poring.maxHp()).isEqualTo(50);
        assertThat(poring.drops()).containsEntry(909, 1).containsEntry(512, 2).hasSize(6);
        assertThat(poring.unresolvedDrops()).isEmpty();
        assertThat(reference.monster(1039).orElseThrow().mvp()).isTrue();
        assertThat(reference.monster(1039).orElseThrow().drops()).containsOnlyKeys(607, 923);
        assertThat(reference.skills()).containsEntry(28, 10).hasSize(4);
        assertThat(reference.version()).hasSize(16);
    }

    @Test
    void spawnLinesOfAMapAreSummedAndCommentsPassedOver() {
        Reference reference = new ReferenceFiles(SHIPPED, ReferenceFiles.Mode.PRE_RENEWAL).load();

        Map<Integer, Spawn> field =
                reference.spawnsOf(new MapName("prt_fild08")).orElseThrow();
        assertThat(field).containsOnlyKeys(1002, 1063);
        assertThat(field.get(1002).amount()).isEqualTo(80);
        assertThat(reference.spawnsOf(new MapName("pay_fild01")).orElseThrow().get(1007))
                .isEqualTo(new Spawn(80, Set.of(5)));
        assertThat(reference.spawnsOf(new MapName("prontera"))).isEmpty();
    }

    @Test
    void theOtherRuleSetReadsNothingThatIsNotItsOwn() {
        Reference reference = new ReferenceFiles(SHIPPED, ReferenceFiles.Mode.RENEWAL).load();

        assertThat(reference.monsters()).isEmpty();
        assertThat(reference.spawns()).isEmpty();
    }

    @Test
    void aLaterEntryOverridesFieldByFieldAndUnitesDrops() throws IOException {
        write("db/item_db.yml", "Body:\n  - Id: 909\n    AegisName: Jellopy\n  - Id: 910\n    AegisName: Garlet\n");
        write("db/mob_db.yml", """
                Body:
                  - Id: 1002
                    AegisName: PORING
                    Level: 7
                    Hp: 50
                    Drops:
                      - Item: Jellopy
                        Rate: 1
                Footer:
                  Imports:
                    - Path: db/import/mob_db.yml
                """);
        write(
                "db/import/mob_db.yml",
                "Body:\n  - Id: 1002\n    Hp: 77\n    Drops:\n      - Item: garlet\n        Rate: 1\n      - Item: Gone\n");

        Monster poring = load().monster(1002).orElseThrow();

        assertThat(poring.aegisName()).isEqualTo("PORING");
        assertThat(poring.level()).isEqualTo(7);
        assertThat(poring.maxHp()).isEqualTo(77);
        assertThat(poring.baseExp()).isZero();
        assertThat(poring.drops()).containsOnlyKeys(909, 910);
        assertThat(poring.unresolvedDrops()).containsExactly("Gone");
    }

    @Test
    void importsMayNameEachOtherButNotLeaveTheFolder() throws IOException {
        write("db/mob_db.yml", "Footer:\n  Imports:\n    - Path: db/mob_db.yml\n");
        assertThat(load().monsters()).isEmpty();

        write("db/mob_db.yml", "Footer:\n  Imports:\n    - Path: ../../etc/passwd\n");
        assertThatThrownBy(this::load)
                .isInstanceOf(ReferenceException.class)
                .hasMessageContaining("../../etc/passwd")
                .hasMessageContaining("(expected: a path inside the reference folder)");
    }

    @Test
    void aBadValueIsNamedWithFileLineAndExpectation() throws IOException {
        write("db/mob_db.yml", "Body:\n  - Id: 1002\n    AegisName: PORING\n    Hp: lots\n");
        assertThatThrownBy(this::load)
                .hasMessageMatching("db/mob_db.yml:\\d+: Hp: \"lots\" \\(expected: a whole number from 0\\)");

        write("db/mob_db.yml", "Body: [unclosed\n");
        assertThatThrownBy(this::load).isInstanceOf(ReferenceException.class).hasMessageStartingWith("db/mob_db.yml:");
    }

    @Test
    void aBadSpawnLineIsNamedWithFileAndLine() throws IOException {
        write("npc/pre-re/mobs/a.txt", "\n/* x\n*/prontera\tmonster\tPoring\t1002,many\n");

        assertThatThrownBy(this::load)
                .hasMessage("npc/pre-re/mobs/a.txt:3: amount: \"many\" (expected: a number from 0 to 1000)");
    }

    @Test
    void aFolderThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> new ReferenceFiles(root.resolve("none"), ReferenceFiles.Mode.PRE_RENEWAL))
                .hasMessageContaining("(expected: a folder in rAthena's layout)");
    }

    @Test
    void changedFilesAreTakenOverAndBrokenOnesLeaveTheLastGoodVersion() throws IOException {
        write("db/skill_db.yml", "Body:\n  - Id: 28\n    Name: AL_HEAL\n    MaxLevel: 10\n");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        CurrentReference current = new CurrentReference(files(), meters);
        assertThat(current.refresh()).isFalse();

        write("db/skill_db.yml", "Body:\n  - Id: 28\n    Name: AL_HEAL\n    MaxLevel: 1000\n");
        assertThat(current.refresh()).isTrue();
        assertThat(current.get().skills()).containsEntry(28, 1000);

        write("db/skill_db.yml", "Body:\n  - Id: none\n");
        assertThat(current.refresh()).isFalse();
        assertThat(current.get().skills()).containsEntry(28, 1000);
        assertThat(current.fault()).contains("Id");
        assertThat(meters.counter("p2p_security_reference_failures_total").count())
                .isEqualTo(1);

        write("db/skill_db.yml", "Body:\n  - Id: 28\n    Name: AL_HEAL\n    MaxLevel: 11\n");
        assertThat(current.refresh()).isTrue();
        assertThat(current.fault()).isEmpty();
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private ReferenceFiles files() {
        return new ReferenceFiles(root, ReferenceFiles.Mode.PRE_RENEWAL);
    }

    private Reference load() {
        return files().load();
    }
}
