package io.p2phost.standalone.packager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceListsTest {
    private final ServiceLists lists = new ServiceLists();

    @Test
    void servicesThatAgreeShareOneFolder() {
        lists.add("relay", "lib/netty-4.2.jar:lib/spring-core-7.0.9.jar");
        lists.add("metrics", "lib/spring-core-7.0.9.jar");

        assertThat(lists.faults(Set.of("netty-4.2.jar", "spring-core-7.0.9.jar")))
                .isEmpty();
        assertThat(lists.union()).containsExactly("netty-4.2.jar", "spring-core-7.0.9.jar");
    }

    @Test
    void twoVersionsOfOneArtifactAreAFaultThatNamesBoth() {
        lists.add("relay", "lib/spring-core-7.0.8.jar");
        lists.add("metrics", "lib/spring-core-7.0.9.jar");

        assertThat(lists.faults(Set.of("spring-core-7.0.9.jar")))
                .singleElement()
                .asString()
                .contains("relay", "spring-core-7.0.8.jar", "spring-core-7.0.9.jar");
    }

    @Test
    void artifactsOfTwoGroupsMayShareAName() {
        lists.add("relay", "lib/jackson-databind-3.1.5.jar:lib/jackson-databind-2.21.5.jar");

        assertThat(lists.faults(Set.of("jackson-databind-3.1.5.jar", "jackson-databind-2.21.5.jar")))
                .isEmpty();
    }

    @Test
    void aServiceSeesItsOwnListAndNothingElse() {
        lists.add("relay", "lib/netty-4.2.jar");
        lists.add("metrics", "");

        assertThat(lists.of("relay")).containsExactly("netty-4.2.jar");
        assertThat(lists.of("metrics")).isEmpty();
    }
}
