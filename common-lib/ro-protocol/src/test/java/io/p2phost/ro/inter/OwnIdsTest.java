package io.p2phost.ro.inter;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong offset here binds a request to the wrong player, so they stand a second time, as they were read on the wire. */
class OwnIdsTest {
    private static final int ACCOUNT = 2_000_001;
    private static final int CHARACTER = 150_001;

    @ParameterizedTest
    @CsvSource({
        "2afc, 2, 6", "2b01, 4, 8", "2b02, 2, -1", "2b05, 2, 14", "2b07, -1, 2", "2b08, -1, -1", "2b0a, 2, 6",
        "2b0c, 2, -1", "2b0e, 2, -1", "2b10, -1, 2", "2b11, -1, -1", "2b15, 4, 8", "2b17, 6, 2", "2b19, 6, 2",
        "2b1c, 4, 8", "2b26, 2, 6", "2b28, 2, -1", "2b2a, 2, -1", "2b2d, -1, 2", "2b2e, -1, 4", "3001, -1, -1",
        "3004, 4, 8", "3005, 2, 6", "3006, 2, 6", "3018, 2, -1", "3019, 4, -1", "3020, 30, 34", "3021, -1, 6",
        "3022, 8, 12", "3023, 6, -1", "3024, 6, 10", "3025, 6, 10", "3026, -1, -1", "3027, 8, -1", "3029, -1, -1",
        "3030, 4, 36", "3032, 8, 12", "3034, 6, 10", "3035, 6, 10", "3037, 8, -1", "303a, 8, 12", "303c, 10, -1",
        "3041, -1, -1", "3048, -1, 2", "304a, -1, 2", "304b, -1, 2", "304c, -1, 2", "304d, 4, 12", "304e, -1, 2",
        "3050, -1, 4", "3051, -1, 8", "3052, -1, 2", "3053, -1, 2", "3055, -1, 4", "3056, -1, -1", "3060, -1, 2",
        "3061, -1, 4", "3062, -1, 2", "3063, -1, 4", "3064, -1, 2", "3070, -1, 8", "3071, -1, 6", "3073, -1, 8",
        "307c, -1, 8", "307d, -1, 6", "307f, -1, 8", "3080, 2, 6", "3081, 2, 6", "3082, 4, 12", "3083, -1, -1",
        "308a, 3, 7", "308b, 5, 9", "3090, 4, 36", "3091, 2, -1", "3092, 4, 36", "3093, -1, -1", "30a1, 8, -1"
    })
    void requestsNameTheirPlayer(String id, int account, int character) {
        check(OwnIds.fromMapServer(Integer.parseInt(id, 16)), account, character);
    }

    @ParameterizedTest
    @CsvSource({
        "2afd, 4, -1",
        "2b03, 2, -1",
        "2b06, 2, 14",
        "2b09, -1, -1",
        "2b0b, 4, 8",
        "2b0d, 2, -1",
        "2b14, -1, -1",
        "2b1b, -1, -1",
        "2b1d, 4, 8",
        "2b1f, 2, -1",
        "2b21, 2, 6",
        "2b27, 2, 6",
        "2b2f, -1, 4",
        "3801, -1, -1",
        "3804, 4, 8",
        "3818, 4, -1",
        "3819, 2, -1",
        "3820, 2, 6",
        "3821, -1, 4",
        "3822, -1, -1",
        "3825, -1, -1",
        "3827, -1, -1",
        "3830, 2, -1",
        "3837, -1, -1",
        "3848, -1, 4",
        "3849, -1, 2",
        "3856, -1, -1",
        "384a, -1, 4",
        "384d, -1, 8",
        "3860, -1, 4",
        "3861, -1, 2",
        "3862, -1, 4",
        "3863, -1, 2",
        "3864, -1, 2",
        "3870, -1, 9",
        "387c, -1, 9",
        "3880, 2, -1",
        "3881, 4, -1",
        "3882, 2, -1",
        "388a, 5, -1",
        "388b, 2, -1",
        "3890, 4, -1",
        "3891, 4, -1",
        "3892, 2, -1"
    })
    void answersNameTheirPlayer(String id, int account, int character) {
        check(OwnIds.fromCharServer(Integer.parseInt(id, 16)), account, character);
    }

    @Test
    void unknownPacketsHaveNone() {
        assertThat(OwnIds.fromMapServer(0x1234).none()).isTrue();
        assertThat(OwnIds.fromCharServer(0x1234).none()).isTrue();
        assertThat(OwnIds.fromMapServer(MapToChar.WHISPER).none()).isTrue();
    }

    private static void check(OwnIds ids, int account, int character) {
        Packet packet = Packet.of(new byte[64]);
        if (account >= 0) {
            packet.u32(account, ACCOUNT);
        }
        if (character >= 0) {
            packet.u32(character, CHARACTER);
        }
        assertThat(ids.accountId(packet).orElse(-1)).isEqualTo(account < 0 ? -1 : ACCOUNT);
        assertThat(ids.charId(packet).orElse(-1)).isEqualTo(character < 0 ? -1 : CHARACTER);
        assertThat(ids.none()).isEqualTo(account < 0 && character < 0);
    }
}
