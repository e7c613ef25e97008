package io.p2phost.assignment.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2phost.assignment.catalogue.MapEntry.Eligibility;
import io.p2phost.assignment.config.ConfigReader;
import io.p2phost.assignment.config.FirstFiles;
import io.p2phost.assignment.config.MapRules;
import io.p2phost.assignment.config.Reading;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
    private final Catalogue packaged = new Catalogue(rules(FirstFiles.packaged()), null);

    @ParameterizedTest
    @CsvSource({
        "prontera, RESTRICTED, 0,",
        "alberta, RESTRICTED, 0,",
        "payon, RESTRICTED, 0,",
        "p2p_test, ELIGIBLE, 1,",
        "guild_castle, NOT_ELIGIBLE, 0,",
        "custom_event, NOT_ELIGIBLE, 0,",
        "moc_fild01, ELIGIBLE, 1, field_maps",
        "pay_fild03, ELIGIBLE, 1, field_maps",
        "gef_fild07, ELIGIBLE, 1, field_maps",
        "pay_dun01, ELIGIBLE, 1, non_mvp_dungeons",
        "gef_dun02, ELIGIBLE, 1, non_mvp_dungeons",
        "moc_pryd01, ELIGIBLE, 1, non_mvp_dungeons",
        "iz_dun01, ELIGIBLE, 1, training_maps",
        "morocc_fild12, NOT_ELIGIBLE, 0,",
        "custom_housing, NOT_ELIGIBLE, 0,",
        "player_base, ELIGIBLE, 1, personal_instances",
        "guild_room, ELIGIBLE, 2, guild_halls",
        "job_quest_room, NOT_ELIGIBLE, 0,",
        "test_room, ELIGIBLE, 1, quest_maps"
    })
    void everyMapTheSeedsNameHasItsAnswer(String map, Eligibility eligibility, int tier, String category) {
        MapEntry entry = packaged.find(MapName.of(map)).orElseThrow();
        assertThat(entry.eligibility()).isEqualTo(eligibility);
        assertThat(entry.minTier()).isEqualTo(tier);
        assertThat(entry.category()).isEqualTo(category);
        assertThat(entry.reason()).isNotBlank();
    }

    @Test
    void mvpFloorsAndFieldsAreTakenOut() {
        assertThat(packaged.find(MapName.of("pay_fild11"))).isEmpty();
        assertThat(packaged.find(MapName.of("mjo_dun03"))).isEmpty();
        assertThat(packaged.find(MapName.of("mjo_dun02"))).isPresent();
    }

    @Test
    void nameThatNothingCoversIsUnknown() {
        assertThat(packaged.find(MapName.of("izlude"))).isEmpty();
    }

    @Test
    void ownLineWinsOverACategoryAndRestrictedOverEverything() {
        Map<String, String> files = FirstFiles.packaged();
        files.put(
                "p2p_map_eligibility.conf",
                "moc_fild01: 3\nmoc_fild02: 0\nmoc_fild03: 1\nrestricted_maps: { moc_fild03 }\n");
        Catalogue catalogue = new Catalogue(rules(files), null);
        assertThat(catalogue.find(MapName.of("moc_fild01")).orElseThrow().minTier())
                .isEqualTo(3);
        assertThat(catalogue.find(MapName.of("moc_fild02")).orElseThrow().eligibility())
                .isEqualTo(Eligibility.RESTRICTED);
        assertThat(catalogue.find(MapName.of("moc_fild03")).orElseThrow().reason())
                .isEqualTo("in restricted_maps");
    }

    @Test
    void instancesAreNeverEligible() {
        Map<String, String> files = FirstFiles.packaged();
        files.put("p2p_map_categories.conf", "all: {\n tier: 1\n maps: { * }\n}\n");
        Catalogue catalogue = new Catalogue(rules(files), null);
        assertThat(catalogue.find(MapName.of("0001#000001")).orElseThrow().eligible())
                .isFalse();
        assertThat(catalogue.find(MapName.of("1@cata")).orElseThrow().eligible())
                .isTrue();
    }

    @Test
    void mapIndexDecidesWhichMapsThereAre(@TempDir Path home) throws IOException {
        Files.createDirectories(home.resolve("db/import"));
        Files.writeString(
                home.resolve("db/map_index.txt"),
                "// a comment\nprontera\t1\nmoc_fild01 2\r\nizlude\n\nBAD NAME!\n" + "x".repeat(40) + "\n");
        Files.writeString(home.resolve("db/import/map_index.txt"), "p2p_test.gat\t1999\n");
        MapIndex index = MapIndex.read(home);
        assertThat(index.maps())
                .extracting(MapName::value)
                .containsExactlyInAnyOrder("prontera", "moc_fild01", "izlude", "p2p_test");
        Catalogue catalogue = new Catalogue(rules(FirstFiles.packaged()), index);
        assertThat(catalogue.find(MapName.of("moc_fild02")))
                .as("covered by a pattern only")
                .isEmpty();
        assertThat(catalogue.find(MapName.of("izlude")).orElseThrow().eligibility())
                .isEqualTo(Eligibility.NOT_ELIGIBLE);
        assertThat(catalogue.find(MapName.of("p2p_test")).orElseThrow().eligible())
                .isTrue();
        assertThat(catalogue.all()).hasSize(4);
        assertThat(catalogue.warnings())
                .contains("alberta: named in the configuration, but not in db/map_index.txt")
                .noneMatch(warning -> warning.startsWith("prontera"));
    }

    @Test
    void treeWithoutAnIndexIsRefused(@TempDir Path home) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MapIndex.read(home))
                .withMessageContaining("p2p.assignment.rathena-home: " + home)
                .withMessageContaining("expected: a folder that holds db/map_index.txt");
    }

    @Test
    void listHoldsWhatIsNamed() {
        assertThat(packaged.all())
                .extracting(entry -> entry.map().value())
                .contains("prontera", "p2p_test", "iz_dun01");
        assertThat(new Catalogue(new MapRules(Map.of(), Set.of(), java.util.List.of()), null).all())
                .isEmpty();
    }

    private static MapRules rules(Map<String, String> files) {
        return ((Reading.Accepted) ConfigReader.read(files)).config().maps();
    }
}
