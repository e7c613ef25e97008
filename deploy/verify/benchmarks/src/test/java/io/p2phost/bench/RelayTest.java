package io.p2phost.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.ServiceName;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientVersions;
import io.p2phost.ro.client.MapToClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RelayTest {
    private static final PacketLengths LENGTHS = ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN);
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void messagesAreWholePacketsOfTheClientsVersion() {
        assertThat(RelayTraffic.TO_PLAYER).allSatisfy(message -> {
            assertThat(message.length).isBetween(64, 256);
            assertThat(packets(message).stream().mapToInt(Packet::length).sum()).isEqualTo(message.length);
        });
        assertThat(packets(RelayTraffic.TO_SERVER.getFirst())).hasSize(1);
        assertThat(packets(RelayTraffic.BULK)).hasSize(1);
    }

    @Test
    void huntIsWholePacketsAndEachPlayersOwn() throws Exception {
        RelayHunt hunt = new RelayHunt();
        int messages = 100;
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < messages; i++) {
            for (Packet packet : packets(hunt.toPlayer(2_000_007, i))) {
                ids.add(packet.id());
                if (packet.id() == MapToClient.EXP_GAIN) {
                    assertThat(packet.i32(2)).isEqualTo(2_000_007);
                }
            }
        }
        assertThat(ids)
                .contains(
                        MapToClient.UNIT_SPAWNED,
                        MapToClient.DAMAGE,
                        MapToClient.EXP_GAIN,
                        MapToClient.FLOOR_ITEM,
                        MapToClient.ITEM_GAIN,
                        MapToClient.VANISHED)
                .doesNotContain(MapToClient.MAP_CHANGE);
        assertThat(packets(hunt.toServer(0))).hasSize(1);
    }

    @Test
    void playersOfAHostPlayThroughItsTunnel(@TempDir Path dist) throws Exception {
        Files.writeString(
                Files.createDirectories(dist.resolve("launcher")).resolve("service.args"), "-XX:TieredStopAtLevel=1");
        RelayTapsBench.tls(dist);
        RelayHunt hunt = new RelayHunt();
        try (RelayEnds ends = new RelayEnds();
                Forwarder relay = RelayTapsBench.relay(dist, dist, ends.mapServer());
                Forwarder host = RelayTapsBench.host(dist, dist, relay.ask("tunnels"), ends.mapServer())) {
            assertThat(host.process()).isNotNull();
            assertThat(relay.ask("up")).isEqualTo("up");
            ends.join(relay.port(), 20);
            assertThat(ends.steady(hunt, 200, 5, SHORT).latency().count()).isEqualTo(60);
            String[] cpu = relay.ask("cpu").split(" ");
            assertThat(Long.parseLong(cpu[1])).isPositive().isLessThan(Long.parseLong(cpu[0]));
            assertThat(relay.ask("observations")).isEqualTo("0");
        }
    }

    private static List<Packet> packets(byte[] message) {
        List<Packet> packets = new ArrayList<>();
        new PacketFramer(LENGTHS, Packet.LONGEST).feed(message, 0, message.length, packets::add);
        return packets;
    }

    @Test
    void everyMessageOfEveryPlayerIsTimed() throws Exception {
        try (RelayEnds ends = new RelayEnds()) {
            ends.join(ends.mapServer(), 40);
            assertThat(ends.playing()).isEqualTo(40);

            RelayEnds.Result steady = ends.steady(1_000, 5, SHORT);
            assertThat(steady.messages()).isEqualTo(300);
            assertThat(steady.latency().count()).isEqualTo(300);
            assertThat(steady.latency().p50Micros())
                    .isPositive()
                    .isLessThanOrEqualTo(steady.latency().p99Micros());

            RelayEnds.Result flood = ends.flood(RelayTraffic.BULK, 2, SHORT);
            assertThat(flood.messages()).isGreaterThan(80);
            assertThat(flood.bytes()).isEqualTo(flood.messages() * RelayTraffic.BULK.length);
        }
    }

    @Test
    void relayCarriesEveryMessageWhileItIsFlooded(@TempDir Path dist) throws Exception {
        Files.writeString(
                Files.createDirectories(dist.resolve("launcher")).resolve("service.args"), "-XX:TieredStopAtLevel=1");
        try (RelayEnds ends = new RelayEnds();
                Forwarder relay = Forwarder.ours(
                        dist,
                        ServiceName.RELAY,
                        RelayServer.class,
                        Integer.toString(ends.mapServer()),
                        "100",
                        "20",
                        "60")) {
            ends.join(relay.port(), 40);
            try (RelayFloodBench.Flood flood = new RelayFloodBench.Flood(relay.port())) {
                while (flood.perSecond().isEmpty()) {
                    assertThat(ends.steady(200, 5, SHORT).latency().count()).isEqualTo(60);
                }
                assertThat(flood.perSecond().getAsDouble()).isPositive();
            }
            assertThat(ends.playing()).isEqualTo(40);
            assertThat(relay.ask("memory")).matches("\\d+ \\d+");
            assertThat(relay.use().memoryMegabytes()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(PlainForwarder.Form.class)
    void everyTransportCarriesEveryMessage(PlainForwarder.Form form, @TempDir Path dist) throws Exception {
        Files.writeString(
                Files.createDirectories(dist.resolve("launcher")).resolve("service.args"), "-XX:TieredStopAtLevel=1");
        Optional<String> missing = form.missing();
        if (missing.isPresent()) {
            // What is not there says why, and the relay's own always is.
            assertThat(form).isNotIn(PlainForwarder.Form.NIO, PlainForwarder.Form.VIRTUAL);
            assertThat(missing.get()).startsWith("not to be had here (");
            return;
        }
        try (RelayEnds ends = new RelayEnds();
                Forwarder plain = RelayContender.plain(form).start().start(dist, ends.mapServer(), 40)) {
            ends.join(plain.port(), 40);
            assertThat(ends.steady(1_000, 5, SHORT).latency().count()).isEqualTo(300);
            RelayEnds.Result flood = ends.flood(RelayTraffic.BULK, 4, SHORT);
            assertThat(flood.messages()).isGreaterThan(160);
            assertThat(flood.bytes()).isEqualTo(flood.messages() * RelayTraffic.BULK.length);
            assertThat(ends.playing()).isEqualTo(40);
        }
    }

    @Test
    void failoversResultIsItsLastLine() throws Exception {
        Outcome outcome = FailoverBench.outcome(
                List.of(
                        "back on beta: 50 players, first 3, p50 4, last 5 ms; 0 closed",
                        "ours=410 rival=820 ratio=0.500 unit=ms-p99 kills=1 players=50 closed=2"),
                1);
        assertThat(outcome.line())
                .isEqualTo("failover ours=410 rival=820 ratio=0.500 unit=ms-p99 rounds=1 kills=1 players=50 closed=2");
        assertThat(outcome.raw().getFirst()).containsEntry("closed", 2);
        assertThatThrownBy(() -> FailoverBench.outcome(List.of("FAILED"), 1)).hasMessageContaining("FAILED");
    }
}
