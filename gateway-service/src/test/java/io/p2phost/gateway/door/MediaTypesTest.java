package io.p2phost.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.gateway.problem.Refusal;
import io.p2phost.gateway.route.Endpoint.Traits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypesTest {
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "ORDINARY,application/json,true",
        "ORDINARY,application/json; charset=utf-8,true",
        "ORDINARY,APPLICATION/JSON,true",
        "ORDINARY,application/merge-patch+json,true",
        "ORDINARY,text/plain,false",
        "ORDINARY,application/x-www-form-urlencoded,false",
        "ORDINARY,application/jsonx,false",
        "ORDINARY,,false",
        "FORM,application/x-www-form-urlencoded,true",
        "FORM,application/json,false",
        "CONFIG_TEXT,text/plain;charset=UTF-8,true",
        "CONFIG_TEXT,application/json,true",
        "CONFIG_TEXT,multipart/form-data,false",
    })
    void bodiesAreOfTheTypeThatTheEndpointTakes(Traits traits, String type, boolean taken) {
        assertThat(passes(() -> MediaTypes.checkContent(traits, type))).isEqualTo(taken);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "ORDINARY,,true",
        "ORDINARY,*/*,true",
        "ORDINARY,application/json,true",
        "ORDINARY,application/problem+json,true",
        "ORDINARY,'text/html, application/*;q=0.8',true",
        "ORDINARY,text/html,false",
        "ORDINARY,image/*,false",
        "CONFIG_TEXT,text/plain,true",
        "CONFIG_TEXT,text/*,true",
        "CONFIG_TEXT,image/png,false",
    })
    void anAnswerMustBePossible(Traits traits, String accept, boolean possible) {
        assertThat(passes(() -> MediaTypes.checkAccept(traits, accept))).isEqualTo(possible);
    }

    private static boolean passes(Check check) {
        try {
            check.run();
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    private interface Check {
        void run() throws Refusal;
    }
}
