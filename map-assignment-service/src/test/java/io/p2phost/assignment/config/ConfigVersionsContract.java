package io.p2phost.assignment.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What every store of file versions must do. */
public abstract class ConfigVersionsContract {
    protected abstract ConfigVersions versions();

    @Test
    void newestVersionOfEachFileIsGivenAndOldOnesAreKept() {
        ConfigVersion first = versions().append("contract_a.conf", 1, "one", "key:x");
        ConfigVersion second = versions().append("contract_a.conf", 2, "two", "key:y");
        ConfigVersion other = versions().append("contract_b.conf", 1, "b", "key:x");
        assertThat(second.revision()).isGreaterThan(first.revision());
        assertThat(versions().revision()).isEqualTo(other.revision());
        assertThat(versions().newest())
                .filteredOn(v -> v.file().startsWith("contract_"))
                .extracting(v -> v.file() + " " + v.version() + " " + v.text() + " " + v.author())
                .containsExactlyInAnyOrder("contract_a.conf 2 two key:y", "contract_b.conf 1 b key:x");
        assertThat(versions().find("contract_a.conf", 1).orElseThrow().text()).isEqualTo("one");
        assertThat(versions().find("contract_a.conf", 3)).isEmpty();
        assertThat(versions().find("contract_c.conf", 1)).isEmpty();
    }

    @Test
    void versionCannotBeStoredTwice() {
        versions().append("twice.conf", 1, "one", "key:x");
        assertThatThrownBy(() -> versions().append("twice.conf", 1, "other", "key:y"))
                .isInstanceOf(RuntimeException.class);
    }
}
