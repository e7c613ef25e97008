package io.p2phost.dbproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.OwnIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Deny by default is only true if somebody decided about every packet there is. */
class DispositionsTest {
    @TestFactory
    Stream<DynamicTest> everyPacketOfAMapServerHasADisposition() {
        return InterPackets.MAP_TO_CHAR.packets().stream()
                .map(packet -> DynamicTest.dynamicTest(String.format("%04x %s", packet.id(), packet.name()), () -> {
                    FromServer row = FromServer.of(packet.id()).orElseThrow();
                    assertThat(row.reason()).isNotBlank();
                    boolean bound = row.host() == FromServer.Rule.OWN || row.host() == FromServer.Rule.GROUP;
                    assertThat(bound && OwnIds.fromMapServer(packet.id()).none())
                            .as("bound to a player, but names none")
                            .isFalse();
                    assertThat(row.host()).as("nothing of a host passes unread").isNotEqualTo(FromServer.Rule.PASS);
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyPacketOfTheCharServerHasAReceiver() {
        return InterPackets.CHAR_TO_MAP.packets().stream()
                .map(packet -> DynamicTest.dynamicTest(String.format("%04x %s", packet.id(), packet.name()), () -> {
                    FromUpstream row = FromUpstream.of(packet.id()).orElseThrow();
                    assertThat(row.reason()).isNotBlank();
                    switch (row.to()) {
                        case PLAYER ->
                            assertThat(OwnIds.fromCharServer(packet.id()).none())
                                    .isFalse();
                        case PARTY -> assertThat(packet.fieldOrNull("party_id")).isNotNull();
                        case GUILD -> assertThat(packet.fieldOrNull("guild_id")).isNotNull();
                        default -> {
                            // Names nobody.
                        }
                    }
                }));
    }

    @Test
    void theTablesHoldNothingElse() {
        assertThat(FromServer.table().keySet()).allMatch(id -> InterPackets.MAP_TO_CHAR.packetOrNull(id) != null);
        assertThat(FromUpstream.table().keySet()).allMatch(id -> InterPackets.CHAR_TO_MAP.packetOrNull(id) != null);
    }

    /** The published table is the code's; when they differ, the new text lies beside the build's other results. */
    @Test
    void thePublishedTableIsTheCodes() throws IOException {
        String text = table();
        Path written = Path.of("target/inter-server-packets.md");
        Files.createDirectories(written.getParent());
        Files.writeString(written, text);

        assertThat(Path.of("../docs/inter-server-packets.md"))
                .as("docs/inter-server-packets.md (expected: db-proxy-service/" + written + ")")
                .hasContent(text);
    }

    private static String table() {
        StringBuilder text = new StringBuilder(HEAD);
        for (PacketLayout packet : InterPackets.MAP_TO_CHAR.packets()) {
            FromServer row = FromServer.of(packet.id()).orElseThrow();
            text.append(String.format(
                    "| `%04x` | %s | %s | %s | %s |%n",
                    packet.id(), words(packet.name()), row.host(), row.reserve(), row.reason()));
        }
        text.append(MIDDLE);
        for (PacketLayout packet : InterPackets.CHAR_TO_MAP.packets()) {
            FromUpstream row = FromUpstream.of(packet.id()).orElseThrow();
            text.append(String.format(
                    "| `%04x` | %s | %s | %s |%n", packet.id(), words(packet.name()), row.to(), row.reason()));
        }
        return text.toString();
    }

    private static String words(String name) {
        return name.replace('-', ' ');
    }

    private static final String HEAD = """
            # What becomes of each inter-server packet

            Made from the code; `DispositionsTest` holds it to that. Packets that are in neither table are refused.

            ## From map-servers behind the multiplexer

            `HERE` answered or acted on by db-proxy; `OWN` goes on if it is about a player whom that server may write now; `GROUP`
            goes on with the player's whole save group, after its checks; `PASS` goes on as it is; `REFUSE` is dropped, counted and
            reported; so is `FORBID`, which nothing that runs on a host has a reason to send: it convicts.

            | id | packet | from a host | from the reserve | why |
            | --- | --- | --- | --- | --- |
            """;

    private static final String MIDDLE = """

            ## From the char-server

            `PLAYER` the server on which the player it is for plays; `PARTY`, `GUILD` every server with a member; `ALL` every server;
            `RESERVE` the reserve alone; `HERE` acted on by db-proxy; `NOBODY` withheld.

            | id | packet | to | why |
            | --- | --- | --- | --- |
            """;
}
