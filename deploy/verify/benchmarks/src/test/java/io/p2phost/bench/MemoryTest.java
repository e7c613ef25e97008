package io.p2phost.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.ItemKind;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.SaveItems;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private static final Duration AT_ONCE = Duration.ofMillis(50);

    private final MemoryTraffic traffic = MemoryTraffic.recorded();
    private final MemoryPlayer first = new MemoryPlayer(0, Hosting.map(0), traffic);
    private final MemoryPlayer second = new MemoryPlayer(1, Hosting.map(0), traffic);

    MemoryTest() throws Exception {}

    @Test
    void savesAreThePlayersOwnAndHisInventoryIsFull() {
        List<Packet> save = new ArrayList<>();
        byte[] bytes = second.save();
        InterLengths.fromMapServer().feed(bytes, 0, bytes.length, save::add);

        assertThat(save).extracting(Packet::id).contains(MapToChar.SAVE_VARIABLES, MapToChar.SAVE_ACHIEVEMENTS);
        assertThat(save)
                .filteredOn(packet -> packet.id() == MapToChar.SAVE_ITEMS)
                .map(SaveItems::new)
                .hasSize(2)
                .allSatisfy(items -> assertThat(items.accountId()).isEqualTo(second.account()))
                .filteredOn(items -> items.kind() == ItemKind.INVENTORY)
                .singleElement()
                .satisfies(items ->
                        assertThat(items.storage(EngineAlone.LAYOUT).items()).hasSize(200));
        assertThat(save)
                .filteredOn(packet -> packet.id() == MapToChar.SAVE_CHARACTER)
                .map(SaveCharacter::new)
                .singleElement()
                .satisfies(
                        record -> assertThat(record.status(EngineAlone.LAYOUT).accountId())
                                .isEqualTo(second.account()));
        assertThat(second.save()).hasSameSizeAs(bytes).isNotEqualTo(bytes);
    }

    @Test
    void playersComeAndAreSavedAgainAndAgain() throws Exception {
        try (MemoryCharServer charServer =
                        new MemoryCharServer(traffic, Map.of(first.account(), first, second.account(), second));
                MemoryLoad load = new MemoryLoad(
                        List.of(List.of(first), List.of(second)), AT_ONCE, AT_ONCE, new Direct(charServer))) {
            load.awaitPlaying(Duration.ofSeconds(30));
            while (charServer.saves() < 6) {
                load.check();
                Thread.onSpinWait();
            }
            long sent = load.stop();
            while (charServer.saves() < sent) {
                Thread.onSpinWait();
            }
            assertThat(charServer.saves()).isEqualTo(sent);
        }
    }

    @Test
    void whoIsNotLetInEndsTheLoad() throws Exception {
        try (MemoryCharServer charServer = new MemoryCharServer(traffic, Map.of());
                MemoryLoad load = new MemoryLoad(List.of(List.of(first)), AT_ONCE, AT_ONCE, new Direct(charServer))) {
            assertThatThrownBy(() -> load.awaitPlaying(Duration.ofSeconds(30))).hasMessageContaining("answer");
        }
    }

    private record Direct(MemoryCharServer charServer) implements MemoryLoad.Door {
        @Override
        public Socket connect(int host) throws Exception {
            return new Socket(InetAddress.getLoopbackAddress(), charServer.port());
        }

        @Override
        public int enter(int account) {
            return 1;
        }
    }
}
