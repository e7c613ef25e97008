package io.p2phost.ro.inter;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.Field;
import io.p2phost.ro.FieldType;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.client.ClientPackets;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.StructLayout;
import io.p2phost.ro.testing.Capture;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a view reads, it writes back: every recorded packet is built anew and comes out as it was. */
class ReencodingTest {
    private static final BuildLayout BUILD = BuildLayout.shipped(BuildLayout.LINUX_20200401);

    /** Built from nothing but what the view says of the recorded packet. */
    private static final Map<Integer, UnaryOperator<Packet>> BUILDERS = builders();

    private static Map<Integer, UnaryOperator<Packet>> builders() {
        Map<Integer, UnaryOperator<Packet>> builders = new HashMap<>();
        builders.put(MapToChar.MAP_SERVER_LOGIN, packet -> {
            MapServerLogin view = new MapServerLogin(packet);
            return MapServerLogin.of(view.user(), view.password(), view.ip(), view.port())
                    .packet();
        });
        builders.put(
                CharToMap.LOGIN_ANSWER,
                packet -> (new LoginAnswer(packet).accepted() ? LoginAnswer.accept() : LoginAnswer.refuse()).packet());
        builders.put(CharToMap.MAPS_ACCEPTED, packet -> {
            MapsAccepted view = new MapsAccepted(packet);
            return MapsAccepted.of(view.whisperName(), view.serverName()).packet();
        });
        builders.put(
                MapToChar.MAP_LIST,
                packet -> MapList.of(new MapList(packet).maps()).packet());
        builders.put(CharToMap.REMOTE_MAPS, packet -> {
            RemoteMaps view = new RemoteMaps(packet);
            return RemoteMaps.served(view.ip(), view.port(), view.maps()).packet();
        });
        builders.put(CharToMap.REMOTE_MAPS_GONE, packet -> {
            RemoteMaps view = new RemoteMaps(packet);
            return RemoteMaps.gone(view.ip(), view.port(), view.maps()).packet();
        });
        builders.put(
                MapToChar.USER_COUNT,
                packet -> UserCount.of(new UserCount(packet).users()).packet());
        builders.put(
                CharToMap.TOTAL_USERS,
                packet -> TotalUsers.of(new TotalUsers(packet).users()).packet());
        builders.put(
                MapToChar.ONLINE_USERS,
                packet -> OnlineUsers.of(new OnlineUsers(packet).players()).packet());
        builders.put(MapToChar.AUTH_REQUEST, packet -> {
            AuthRequest view = new AuthRequest(packet);
            return AuthRequest.of(view.accountId(), view.charId(), view.loginId1(), view.sex(), view.ip())
                    .autotrade(view.autotrade())
                    .packet();
        });
        builders.put(CharToMap.AUTH_OK, packet -> {
            AuthOk view = new AuthOk(packet);
            return AuthOk.of(view.accountId(), view.status(BUILD).bytes())
                    .loginIds(view.loginId1(), view.loginId2())
                    .groupId(view.groupId())
                    .changingServers(view.changingServers())
                    .packet();
        });
        builders.put(MapToChar.SAVE_CHARACTER, packet -> {
            SaveCharacter view = new SaveCharacter(packet);
            byte[] status = view.status(BUILD).bytes();
            return SaveCharacter.of(view.accountId(), view.charId(), view.quit(), status)
                    .packet();
        });
        builders.put(CharToMap.SAVE_ACK, packet -> {
            SaveAck view = new SaveAck(packet);
            return SaveAck.of(view.accountId(), view.charId()).packet();
        });
        builders.put(MapToChar.SERVER_CHANGE, packet -> {
            ServerChange view = new ServerChange(packet);
            return ServerChange.of(view.accountId(), view.charId(), view.target())
                    .loginIds(view.loginId1(), view.loginId2())
                    .address(view.ip(), view.port())
                    .client(view.sex(), view.clientIp())
                    .groupId(view.groupId())
                    .packet();
        });
        builders.put(MapToChar.LOAD_ITEMS, packet -> {
            LoadItems view = new LoadItems(packet);
            LoadItems built = LoadItems.of(Objects.requireNonNull(view.kind()), view.accountId(), view.charId());
            return InterPackets.packet(MapToChar.LOAD_ITEMS).field("mode").set(built.packet(), view.mode());
        });
        builders.put(CharToMap.ITEMS, packet -> {
            ItemsLoaded view = new ItemsLoaded(packet);
            byte[] storage = view.storage(BUILD).bytes();
            return ItemsLoaded.of(Objects.requireNonNull(view.kind()), view.accountId(), storage)
                    .packet();
        });
        builders.put(MapToChar.SAVE_ITEMS, packet -> {
            SaveItems view = new SaveItems(packet);
            byte[] storage = view.storageBytes();
            return SaveItems.of(Objects.requireNonNull(view.kind()), view.accountId(), view.charId(), storage)
                    .packet();
        });
        builders.put(MapToChar.LOAD_VARIABLES, packet -> {
            LoadVariables view = new LoadVariables(packet);
            return LoadVariables.of(view.accountId(), view.charId(), view.global(), view.account(), view.character())
                    .packet();
        });
        builders.put(MapToChar.SAVE_VARIABLES, packet -> {
            SaveVariables view = new SaveVariables(packet);
            return SaveVariables.of(view.accountId(), view.charId(), view.variables())
                    .packet();
        });
        builders.put(CharToMap.VARIABLES, packet -> {
            VariablesLoaded view = new VariablesLoaded(packet);
            return VariablesLoaded.of(view.accountId(), view.charId(), view.scope(), view.textual(), view.variables())
                    .packet();
        });
        builders.put(CharToMap.STATUS_CHANGES, packet -> {
            StatusChanges view = new StatusChanges(packet, BUILD);
            return StatusChanges.loaded(view.accountId(), view.charId(), view.changes(), BUILD)
                    .packet();
        });
        builders.put(MapToChar.SAVE_STATUS_CHANGES, packet -> {
            StatusChanges view = new StatusChanges(packet, BUILD);
            return StatusChanges.saved(view.accountId(), view.charId(), view.changes(), BUILD)
                    .packet();
        });
        builders.put(MapToChar.SAVE_BONUS_SCRIPTS, packet -> {
            BonusScripts view = new BonusScripts(packet, BUILD);
            return BonusScripts.saved(view.charId(), view.bonuses(), BUILD).packet();
        });
        builders.put(MapToChar.LOAD_MAIL, packet -> {
            LoadMail view = new LoadMail(packet);
            return LoadMail.of(view.charId(), view.flag(), view.inbox()).packet();
        });
        builders.put(MapToChar.LOAD_STATUS_CHANGES, packet -> Loads.statusChanges(account(packet), character(packet)));
        builders.put(MapToChar.LOAD_COOLDOWNS, packet -> Loads.cooldowns(account(packet), character(packet)));
        builders.put(MapToChar.LOAD_BONUS_SCRIPTS, packet -> Loads.bonusScripts(character(packet)));
        builders.put(MapToChar.LOAD_QUESTS, packet -> Loads.quests(character(packet)));
        builders.put(MapToChar.LOAD_ACHIEVEMENTS, packet -> Loads.achievements(character(packet)));
        builders.put(MapToChar.KEEP_ALIVE, packet -> KeepAlive.request());
        builders.put(CharToMap.KEEP_ALIVE_ANSWER, packet -> KeepAlive.answer());
        builders.put(
                CharToMap.ACHIEVEMENTS_SAVED,
                packet -> Acks.achievements(
                        OwnIds.fromCharServer(packet.id()).charId(packet).orElseThrow(), packet.u8(6) == 1));
        return builders;
    }

    @Test
    void viewsBuildEveryRecordedPacketAnew() {
        Set<Integer> built = new TreeSet<>();
        for (Packet packet :
                Capture.inter().flatMap(capture -> capture.packets().stream()).toList()) {
            UnaryOperator<Packet> builder = BUILDERS.get(packet.id());
            if (builder != null) {
                assertThat(Arrays.equals(builder.apply(packet).bytes(), packet.bytes()))
                        .as(packet.toString())
                        .isTrue();
                built.add(packet.id());
            }
        }
        assertThat(built).isEqualTo(new TreeSet<>(BUILDERS.keySet()));
    }

    @Test
    void changeAnswersAndSaveAnswersAreThoseOfTheCharServer() {
        Capture toChar = new Capture("full/inter_A_m2c");
        Capture toMap = new Capture("full/inter_A_c2m");
        List<Packet> answers = toMap.packets(CharToMap.ITEMS_SAVED);
        List<Packet> saves = toChar.packets(MapToChar.SAVE_ITEMS);
        for (int i = 0; i < answers.size(); i++) {
            assertThat(ItemsSaved.of(new SaveItems(saves.get(i)), true, 0).packet())
                    .isEqualTo(answers.get(i));
        }
        assertThat(answers).hasSizeGreaterThan(3);
        // What was saved, given out again, is what the char-server gives out.
        Packet saved =
                new Capture("full/inter_C_m2c").packets(MapToChar.SAVE_ITEMS).getLast();
        Packet again = ItemsLoaded.of(new SaveItems(saved)).packet();
        assertThat(again.length()).isEqualTo(saved.length() - 3);
        assertThat(again.slice(10, 100)).isEqualTo(saved.slice(13, 100));
        assertThat(again.slice(4, 5)).isEqualTo(saved.slice(4, 5));
        assertThat(again.u8(9)).isEqualTo(1);
    }

    @Test
    void everyDescribedFieldWritesWhatItReads() {
        Set<Integer> seen = new TreeSet<>();
        for (Capture capture : Capture.all().toList()) {
            for (Packet packet : capture.packets()) {
                PacketLayout layout = layout(capture, packet.id());
                if (layout != null) {
                    layout.check(packet);
                    assertThat(Arrays.equals(rewritten(packet, layout).bytes(), packet.bytes()))
                            .as(capture + " " + packet)
                            .isTrue();
                    seen.add(packet.id());
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(70);
    }

    @Test
    void nothingChangesWhenNoTimePasses() {
        Packet loaded = new Capture("full/inter_A_c2m")
                .packets(CharToMap.STATUS_CHANGES)
                .getFirst();
        assertThat(new StatusChanges(loaded, BUILD).loadedAfter(Duration.ZERO).packet())
                .isEqualTo(loaded);
    }

    /** A copy in which every described byte is spoilt and then written again. */
    private static Packet rewritten(Packet packet, PacketLayout layout) {
        Packet copy = packet.copy();
        for (Field field : layout.fields()) {
            rewrite(packet, copy, 0, field);
        }
        if (layout.entries() != null) {
            StructLayout struct = BUILD.structs().get(layout.entries().structure());
            int size = struct == null ? layout.entries().size() : struct.size();
            List<Field> fields = struct == null
                    ? layout.entries().fields()
                    : List.copyOf(struct.fields().values());
            for (int i = 0; size > 0 && i < layout.entries().count(packet, size); i++) {
                for (Field field : fields) {
                    rewrite(packet, copy, layout.entries().base(i, size), field);
                }
            }
        }
        return copy;
    }

    private static void rewrite(Packet from, Packet to, int base, Field field) {
        if (base + field.offset() >= from.length()) {
            return;
        }
        byte[] read = field.bytes(from, base);
        byte[] spoilt = new byte[read.length];
        for (int i = 0; i < read.length; i++) {
            spoilt[i] = (byte) ~read[i];
        }
        to.bytes(base + field.offset(), spoilt);
        if (field.type() == FieldType.BYTES) {
            to.bytes(base + field.offset(), read);
        } else if (field.type() == FieldType.TEXT || field.type() == FieldType.MAPNAME) {
            field.set(to, base, field.text(from, base));
        } else {
            field.set(to, base, field.number(from, base));
        }
    }

    private static @Nullable PacketLayout layout(Capture capture, int id) {
        if (capture.isInter()) {
            return InterPackets.packetOrNull(id);
        }
        PacketLayout toMap = ClientPackets.CLIENT_TO_MAP.packetOrNull(id);
        return toMap != null ? toMap : ClientPackets.MAP_TO_CLIENT.packetOrNull(id);
    }

    private static int account(Packet packet) {
        return OwnIds.fromMapServer(packet.id()).accountId(packet).orElseThrow();
    }

    private static int character(Packet packet) {
        return OwnIds.fromMapServer(packet.id()).charId(packet).orElseThrow();
    }
}
