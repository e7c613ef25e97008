package io.p2phost.links.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.p2phost.links.frame.FrameDecoder;
import io.p2phost.links.frame.FrameType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a player costs on a char link: a recorded save (autosave of each player every 30 s), its inventory and cart filled
 * to the last place with items as players have them. {@code docs/benchmarks} has the figures.
 */
class CharLinkFiguresTest {
    private static final Path RECORDING =
            Path.of("..", "ro-protocol", "src", "test", "resources", "captures", "full", "inter_A_m2c.bin");
    private static final int GROUP_BEGIN = 416;
    private static final int INVENTORY = 425;
    private static final int CART = 46_662;
    private static final int STATUS = 92_924;
    private static final int GROUP_END = 101_793;

    /** Of an item packet: ids, then the storage, whose items begin at 24. */
    private static final int FIRST_ITEM = 13 + 24;

    private static final int ITEM = 77;
    private static final int SAVES_AN_HOUR = 120;
    /** TLS record, TCP, IP. */
    private static final int PACKET_OVERHEAD = 22 + 52;

    @ParameterizedTest
    @CsvSource({"1, 524288, 0.1", "10, 524288, 0.1", "30, 524288, 0.1", "30, 0, 1.0", "5, 65536, 0.1"})
    void playerHourOfFullInventoriesIsSmall(int players, int history, double megabytes) throws IOException {
        byte[] recorded = Arrays.copyOfRange(Files.readAllBytes(RECORDING), GROUP_BEGIN, GROUP_END);
        Random random = new Random(7);
        List<byte[]> saves = new ArrayList<>();
        for (int i = 0; i < players; i++) {
            saves.add(filled(recorded.clone(), 150_000 + i, random));
        }
        Packer packer = new Packer(history);
        long raw = 0;
        long wire = 0;
        int rounds = SAVES_AN_HOUR / 2;
        for (int round = 0; round < rounds; round++) {
            for (byte[] save : saves) {
                play(save, random);
                for (int from = 0; from < save.length; from += FrameType.DATA.maxLength()) {
                    byte[] frame =
                            Arrays.copyOfRange(save, from, Math.min(save.length, from + FrameType.DATA.maxLength()));
                    ByteBuf packed = packer.pack(frame);
                    raw += frame.length;
                    wire += (packed == null ? frame.length : packed.readableBytes())
                            + FrameDecoder.HEADER_LENGTH
                            + PACKET_OVERHEAD;
                }
            }
        }
        double hours = (double) rounds * players / SAVES_AN_HOUR;
        assertThat(raw / hours / 1e6).as("MB per player-hour, raw").isBetween(12.1, 12.3);
        assertThat(wire / hours / 1e6)
                .as("MB per player-hour, %s players, %s remembered", players, history)
                .isLessThan(megabytes);
    }

    private static byte[] filled(byte[] save, int character, Random random) {
        for (int i = 0; i < 200; i++) {
            item(save, INVENTORY, i, character, random);
        }
        for (int i = 0; i < 100; i++) {
            item(save, CART, i, character, random);
        }
        // Hotkeys, skills, memo points: what makes one character's status another's.
        for (int i = 0; i < 600; i++) {
            save[STATUS - GROUP_BEGIN + 13 + random.nextInt(8_800)] = (byte) random.nextInt();
        }
        return save;
    }

    private static void item(byte[] save, int packet, int place, int character, Random random) {
        ByteBuffer item = ByteBuffer.wrap(save, packet - GROUP_BEGIN + FIRST_ITEM + place * ITEM, ITEM)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        boolean equipment = random.nextBoolean();
        item.putInt(0, random.nextInt(1 << 24));
        item.putInt(4, equipment ? 1101 + random.nextInt(20_000) : 501 + random.nextInt(7_000));
        item.putShort(8, (short) (equipment ? 1 : 1 + random.nextInt(30_000)));
        item.put(14, (byte) 1);
        if (equipment) {
            item.put(15, (byte) random.nextInt(11));
            for (int card = random.nextInt(5); card > 0; card--) {
                item.putInt(17 + 4 * (card - 1), 4001 + random.nextInt(500));
            }
            for (int option = random.nextInt(6); option > 0; option--) {
                item.putShort(33 + 5 * (option - 1), (short) (1 + random.nextInt(200)));
                item.putShort(35 + 5 * (option - 1), (short) random.nextInt(100));
            }
            item.putLong(64, ((long) character << 32) | random.nextInt(1 << 20));
        }
    }

    /** What half a minute of play changes. */
    private static void play(byte[] save, Random random) {
        ByteBuffer all = ByteBuffer.wrap(save).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 12; i++) {
            all.putInt(STATUS - GROUP_BEGIN + 13 + random.nextInt(200), random.nextInt());
        }
        for (int i = 0; i < 3; i++) {
            int place = INVENTORY - GROUP_BEGIN + FIRST_ITEM + random.nextInt(200) * ITEM;
            all.putShort(place + 8, (short) (1 + random.nextInt(30_000)));
        }
        if (random.nextInt(4) == 0) {
            item(save, INVENTORY, random.nextInt(200), random.nextInt(), random);
        }
    }
}
