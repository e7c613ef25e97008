package io.p2phost.security.verdict;

import static io.p2phost.security.verdict.Fixtures.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;

class ObservationRulesTest {
    private static final String GOOD = """
            {"observationId":"o-1","source":"relay","hostId":"00000000-0000-0000-0000-000000000001","map":"prontera",
             "epoch":3,"from":"2026-11-21T11:59:50Z","to":"2026-11-21T12:00:00Z",
             "facts":[{"family":"SKILL","skillId":28,"level":1}]}""";

    @Test
    void aGoodObservationPasses() {
        assertThatCode(() -> check(GOOD)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from-relay|SKILL: skill 8 (expected: one of the 2 known)",
                "saves|",
                "refusals|PROTOCOL: FORBIDDEN packet 2b28, 1 times (expected: never)"
            })
    void theContractsExamplesAreUnderstoodAndJudged(String name, @Nullable String finding) throws IOException {
        String example = "/contracts/events/" + Topics.OBSERVATIONS + "/v1/examples/" + name + ".json";
        try (InputStream in = Json.class.getResourceAsStream(example)) {
            EventEnvelope<Observation> event = Json.mapper().readValue(in, new TypeReference<>() {});

            ObservationRules.check(event.data(), event.data().to());

            assertThat(new Judge(Fixtures.REFERENCE, Rates.STOCK, Ceilings.GENEROUS)
                            .judge(event.data())
                            .findings())
                    .isEqualTo(finding == null ? List.of() : List.of(finding));
        }
    }

    @Test
    void figuresThatCannotBeAreRefused() {
        Stream.of(new Fact.Save(0, 0, 0, 0, 0, 3_601), new Fact.Protocol(0x10000, Fact.Protocol.Kind.FORBIDDEN, 1))
                .forEach(fact -> assertThatThrownBy(() -> ObservationRules.check(Fixtures.observation(fact), NOON))
                        .as(fact.toString())
                        .hasMessageContaining("(expected: at most"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"NO_SUCH_KIND\"", "null"})
    void kindIsOneOfTheKnown(String kind) {
        String json = GOOD.replace(
                "{\"family\":\"SKILL\",\"skillId\":28,\"level\":1}",
                "{\"family\":\"PROTOCOL\",\"packet\":1,\"kind\":" + kind + ",\"count\":1}");
        assertThatThrownBy(() -> check(json)).hasMessageContaining("kind");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "\"observationId\":\"o-1\"|\"observationId\":\"a b\"|observationId: \"a b\"",
                "\"observationId\":\"o-1\"|\"x\":1|observationId: missing",
                "\"source\":\"relay\"|\"source\":\"agent\"|source: \"agent\" (expected: relay or db-proxy)",
                "\"hostId\":\"00000000-0000-0000-0000-000000000001\"|\"x\":1|hostId: missing",
                "\"map\":\"prontera\"|\"x\":1|map: missing",
                "\"epoch\":3|\"x\":1|epoch: missing",
                "\"from\":\"2026-11-21T11:59:50Z\"|\"x\":1|from: missing",
                "\"from\":\"2026-11-21T11:59:50Z\"|\"from\":\"2026-11-21T12:00:01Z\"|to: 2026-11-21T12:00:00Z",
                "\"from\":\"2026-11-21T11:59:50Z\"|\"from\":\"2026-11-21T10:59:59Z\"|to: 2026-11-21T12:00:00Z",
                "\"to\":\"2026-11-21T12:00:00Z\"|\"to\":\"2026-11-21T12:01:01Z\"|(expected: not after",
                "\"level\":1|\"level\":-1|facts[0].level: -1 (expected: at least 0)",
                "\"skillId\":28|\"skillId\":0|facts[0].skillId: 0 (expected: at least 1)",
                "{\"family\":\"SKILL\"|null,{\"family\":\"SKILL\"|facts[0]: missing",
                "\"facts\":[|\"other\":[|facts: missing",
            })
    void whatIsWrongIsNamed(String good, String bad, String message) {
        assertThatThrownBy(() -> check(GOOD.replace(good, bad)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void everyFamilysFiguresAreChecked() {
        Stream.of(
                        new Fact.Spawn(1002, -1),
                        new Fact.Drop(1002, 909, 1, 0),
                        new Fact.Drop(1002, 0, 1, 1),
                        new Fact.MonsterStats(1002, -1, null),
                        new Fact.MonsterStats(1002, null, -1L),
                        new Fact.Kill(0, 1, 1),
                        new Fact.Kill(1002, -1, 1),
                        new Fact.Save(-1, 0, 0, 0, 0, 10),
                        new Fact.Save(0, -1, 0, 0, 0, 10),
                        new Fact.Save(0, 0, -1, 0, 0, 10),
                        new Fact.Save(0, 0, 0, -1, 0, 10),
                        new Fact.Save(0, 0, 0, 0, 0, 0),
                        new Fact.Protocol(-1, Fact.Protocol.Kind.FORBIDDEN, 1),
                        new Fact.Protocol(0x2b01, Fact.Protocol.Kind.FORBIDDEN, 0),
                        new Fact.Mobs(1002, 1, -1, 0, 0, 0),
                        new Fact.Fallen(-1, 1, 1),
                        new Fact.Taken(909, 0, 1),
                        new Fact.Gained(1, -1, 0, 0, 0, 1, 0),
                        new Fact.Walked(1, 1, -1, 0),
                        new Fact.SkillAsked(28, -1, 1),
                        new Fact.Blows(1, 1, 1, 0, -1, 0),
                        new Fact.Answered(0, 0, 0),
                        new Fact.Removed(0, -1),
                        new Fact.Vitals(0, 0, 0, -1, 0))
                .forEach(fact -> assertThatThrownBy(() -> ObservationRules.check(Fixtures.observation(fact), NOON))
                        .as(fact.toString())
                        .hasMessageContaining("(expected: at least"));
    }

    @Test
    void factsAreBounded() {
        Fact fact = new Fact.Skill(28, 1);
        Fact[] most = Collections.nCopies(ObservationRules.MAX_FACTS, fact).toArray(Fact[]::new);
        Fact[] tooMany =
                Collections.nCopies(ObservationRules.MAX_FACTS + 1, fact).toArray(Fact[]::new);

        assertThatCode(() -> ObservationRules.check(Fixtures.observation(most), NOON))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> ObservationRules.check(Fixtures.observation(tooMany), NOON))
                .hasMessage("facts: 501 (expected: at most 500)");
    }

    private static void check(String json) {
        ObservationRules.check(Json.mapper().readValue(json, Observation.class), NOON);
    }
}
