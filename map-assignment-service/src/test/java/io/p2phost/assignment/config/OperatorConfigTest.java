package io.p2phost.assignment.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorConfigTest {
    private final InMemoryConfigVersions versions = new InMemoryConfigVersions();
    private final List<String> audited = new ArrayList<>();
    private final OperatorConfig config = instance();

    private OperatorConfig instance() {
        return new OperatorConfig(
                versions,
                (actor, action, subject, outcome, detail) -> audited.add(actor + " " + action + " " + subject),
                Transactions.NONE);
    }

    @Test
    void firstStartStoresTheFilesAndLaterStartsReadWhatIsStored() {
        config.start(FirstFiles.packaged());
        assertThat(config.current().revision()).isEqualTo(7);
        config.put("p2p_map_config.conf", "max_maps_per_host: 2\n", null, "key:a");
        OperatorConfig later = instance();
        later.start(FirstFiles.packaged());
        assertThat(later.current().config().maxMapsPerHost()).isEqualTo(2);
    }

    @Test
    void firstStartWithFaultsIsRefusedWithEachOfThem() {
        Map<String, String> files = FirstFiles.packaged();
        files.put("p2p_map_config.conf", "cpu_min_cores: x\nram_min_gb: y\n");
        assertThatThrownBy(() -> config.start(files))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("p2p_map_config.conf:1: cpu_min_cores: x (expected:")
                .hasMessageContaining("p2p_map_config.conf:2: ram_min_gb: y (expected:");
        assertThat(versions.revision()).isZero();
    }

    @Test
    void changeIsAppliedAtOnceVersionedAndAudited() {
        config.start(FirstFiles.packaged());
        List<Integer> heard = new ArrayList<>();
        config.onChange(now -> heard.add(now.config().maxMapsPerHost()));
        ConfigChange change = config.put("p2p_map_config.conf", "max_maps_per_host: 3\n", 1, "key:a");
        assertThat(change).isInstanceOfSatisfying(ConfigChange.Applied.class, applied -> {
            assertThat(applied.version().version()).isEqualTo(2);
            assertThat(applied.version().revision()).isEqualTo(8);
        });
        assertThat(heard).containsExactly(5, 3);
        assertThat(audited).containsExactly("key:a config.put config:p2p_map_config.conf");
        assertThat(config.version("p2p_map_config.conf", 1).orElseThrow().text())
                .contains("max_maps_per_host: 5");
    }

    @Test
    void sameTextIsNoNewVersion() {
        config.start(FirstFiles.packaged());
        String text = config.version("p2p.conf", null).orElseThrow().text();
        assertThat(config.put("p2p.conf", text, null, "key:a"))
                .isInstanceOfSatisfying(
                        ConfigChange.Applied.class,
                        applied -> assertThat(applied.version().version()).isEqualTo(1));
        assertThat(audited).isEmpty();
    }

    @Test
    void faultyChangeChangesNothing() {
        config.start(FirstFiles.packaged());
        assertThat(config.put("p2p_map_config.conf", "max_maps_per_host: 0\nx: y", null, "key:a"))
                .isInstanceOfSatisfying(
                        ConfigChange.Refused.class,
                        refused -> assertThat(refused.faults()).hasSize(2));
        assertThat(config.current().config().maxMapsPerHost()).isEqualTo(5);
        assertThat(versions.revision()).isEqualTo(7);
    }

    @Test
    void changeOfAVersionThatSomebodyReplacedIsRefused() {
        config.start(FirstFiles.packaged());
        config.put("p2p_map_config.conf", "max_maps_per_host: 3\n", 1, "key:a");
        assertThat(config.put("p2p_map_config.conf", "max_maps_per_host: 4\n", 1, "key:b"))
                .isEqualTo(new ConfigChange.Changed(2));
    }

    @Test
    void otherInstanceSeesTheChangeAtItsNextLook() {
        config.start(FirstFiles.packaged());
        OperatorConfig other = instance();
        other.start(FirstFiles.packaged());
        config.put("p2p_map_config.conf", "max_maps_per_host: 3\n", null, "key:a");
        assertThat(other.current().config().maxMapsPerHost()).isEqualTo(5);
        other.reload();
        assertThat(other.current().config().maxMapsPerHost()).isEqualTo(3);
    }

    @Test
    void importedFileMustBeStoredFirstAndIsCheckedTogetherWithTheRest() {
        config.start(FirstFiles.packaged());
        assertThat(config.put("p2p_map_config.conf", "import: mine.conf\n", null, "key:a"))
                .isInstanceOf(ConfigChange.Refused.class);
        assertThat(config.put("mine.conf", "max_maps_per_host: 4\n", null, "key:a"))
                .isInstanceOf(ConfigChange.Applied.class);
        assertThat(config.put("p2p_map_config.conf", "import: mine.conf\n", null, "key:a"))
                .isInstanceOf(ConfigChange.Applied.class);
        assertThat(config.current().config().maxMapsPerHost()).isEqualTo(4);
        assertThat(config.put("mine.conf", "max_maps_per_host: many\n", null, "key:a"))
                .isInstanceOf(ConfigChange.Refused.class);
    }

    @Test
    void onlyKnownAndImportableNamesAreStoredAndNotTooMany() {
        config.start(FirstFiles.packaged());
        assertThat(config.put("../evil", "", null, "key:a")).isInstanceOf(ConfigChange.UnknownFile.class);
        assertThat(config.put("P2P.CONF", "", null, "key:a")).isInstanceOf(ConfigChange.UnknownFile.class);
        for (int i = 0; i < OperatorConfig.MAX_IMPORTED_FILES; i++) {
            assertThat(config.put("mine" + i + ".conf", "", null, "key:a")).isInstanceOf(ConfigChange.Applied.class);
        }
        assertThat(config.put("one_more.conf", "", null, "key:a")).isInstanceOf(ConfigChange.UnknownFile.class);
    }
}
