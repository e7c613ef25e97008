package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.MuxUnderTest.CAVE;
import static io.p2phost.dbproxy.mux.MuxUnderTest.FIELD;
import static io.p2phost.dbproxy.mux.MuxUnderTest.LAYOUT;
import static io.p2phost.dbproxy.mux.MuxUnderTest.player;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.MuxUnderTest.Cell;
import io.p2phost.dbproxy.mux.MuxUnderTest.Line;
import io.p2phost.dbproxy.mux.MuxUnderTest.Player;
import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.Cooldowns;
import io.p2phost.ro.inter.ItemKind;
import io.p2phost.ro.inter.LoadItems;
import io.p2phost.ro.inter.LoadVariables;
import io.p2phost.ro.inter.Loads;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveVariables;
import io.p2phost.ro.inter.ServerChange;
import io.p2phost.ro.inter.StatusChanges;
import io.p2phost.ro.inter.Variable;
import io.p2phost.ro.inter.VariablesLoaded;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.MapPoint;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must neither be lost nor won when a server or the char-server ends without a word. */
class CrashTest {
    private static final int POTION = 55;
    private static final int CURSE = 7;

    private final MuxUnderTest suite = new MuxUnderTest();
    private final Player player = player(1);
    private Cell cell;

    @BeforeEach
    void play() {
        suite.up();
        cell = suite.cell(FIELD, 1);
        suite.plays(player, FIELD, cell);
    }

    private void toPlayer(Packet packet) {
        suite.mux.fromUpstream(Slot.MULTIPLEXER, packet);
    }

    private Cell crashes() {
        Cell next = suite.cell(FIELD, 2);
        suite.collects(next, player, suite.rehomes.getLast().route().loginId1());
        return next;
    }

    private static long uniqueItems(Packet ok) {
        return new CharStatus(ok, 25, LAYOUT.character()).uniqueItemCounter();
    }

    // ---- status changes ----

    private void has(long millis) {
        toPlayer(StatusChanges.loaded(
                        player.account(),
                        player.character(),
                        List.of(
                                new StatusChanges.Change(POTION, 1, 2, 3, 4, millis),
                                new StatusChanges.Change(CURSE, 0, 0, 0, 0, 1_000)),
                        LAYOUT)
                .packet());
    }

    private Packet load() {
        return Loads.statusChanges(player.account(), player.character());
    }

    private static List<StatusChanges.Change> changes(Packet packet) {
        return new StatusChanges(packet, LAYOUT).changes();
    }

    @Test
    void statusChangesAreTakenFromTheCharServerWithTheirDelivery() {
        has(60_000);

        assertThat(changes(suite.upstream.last(MapToChar.SAVE_STATUS_CHANGES))).isEmpty();
        assertThat(changes(cell.line().last(CharToMap.STATUS_CHANGES))).hasSize(2);
    }

    @Test
    void crashDoesNotRenewStatusChangesAndCooldowns() {
        has(60_000);
        toPlayer(Cooldowns.loaded(
                        player.account(), player.character(), List.of(new Cooldowns.Cooldown(9, 60_000)), LAYOUT)
                .packet());
        suite.now = suite.now.plusSeconds(20);
        Cell next = crashes();
        suite.upstream.take();

        suite.from(next, load());
        suite.from(next, Loads.cooldowns(player.account(), player.character()));

        assertThat(suite.upstream.sent).isEmpty();
        assertThat(changes(next.line().last(CharToMap.STATUS_CHANGES)))
                .singleElement()
                .satisfies(left -> assertThat(left.remainingMillis()).isEqualTo(40_000));
        assertThat(new Cooldowns(next.line().last(CharToMap.COOLDOWNS), LAYOUT).cooldowns())
                .singleElement()
                .satisfies(left -> assertThat(left.remainingMillis()).isEqualTo(40_000));
    }

    @Test
    void afterAPortalTheCharServerIsAsked() {
        has(60_000);
        Cell cave = suite.cell(CAVE, 1);
        Pseudonyms.Ids ids = suite.pseudonyms().of(MuxUnderTest.row(suite.rows.getLast()));
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        suite.from(
                cell,
                ServerChange.of(player.account(), player.character(), new MapPoint(CAVE.value(), 1, 1))
                        .loginIds(ids.loginId1(), ids.loginId2())
                        .packet());
        suite.enters(player);
        suite.collects(cave, player, suite.routed().route().loginId1());
        assertThat(uniqueItems(cave.line().last(CharToMap.AUTH_OK))).isZero();
        suite.upstream.take();

        suite.from(cave, load());

        assertThat(suite.upstream.take()).containsExactly("2afc");
    }

    @Test
    void statusChangesOfOneWhoIsNotSavedAnyMoreAreGivenBack() {
        has(60_000);
        suite.mux.connectionGone(player.account(), suite.rows.getLast().relayKnows());
        suite.upstream.take();
        suite.pass(Duration.ofSeconds(5));

        Packet saved = suite.upstream.last(MapToChar.SAVE_STATUS_CHANGES);
        assertThat(changes(saved))
                .singleElement()
                .satisfies(left -> assertThat(left.remainingMillis()).isEqualTo(55_000));
        assertThat(suite.upstream.ids()).endsWith("2b1c", "2b17");
    }

    // ---- items ----

    @Test
    void numbersOfItemsMadeSinceTheLastSaveAreNotGivenAgain() {
        Cell next = crashes();
        assertThat(uniqueItems(next.line().last(CharToMap.AUTH_OK))).isEqualTo(1_000);
    }

    // ---- a char-server that comes back ----

    @Test
    void loadsThatTheLostCharServerDidNotAnswerAreAskedAgain() {
        suite.from(
                cell,
                LoadVariables.of(player.account(), player.character(), true, true, true)
                        .packet());
        suite.from(
                cell,
                LoadItems.of(ItemKind.INVENTORY, player.account(), player.character())
                        .packet());
        suite.from(cell, load());
        has(60_000);
        suite.charServerDies();
        suite.pass(Duration.ofMillis(200));
        suite.login();

        assertThat(suite.upstream.ids()).endsWith("2afa", "3005", "308a");
        toPlayer(Packet.variable(CharToMap.VARIABLES, 16)
                .u32(4, player.account())
                .u32(8, player.character()));
        suite.charServerDies();
        suite.pass(Duration.ofMillis(200));
        suite.login();
        assertThat(suite.upstream.ids()).endsWith("2afa", "308a");
    }

    private Packet variables(int scope, boolean textual, Variable... variables) {
        return VariablesLoaded.of(player.account(), player.character(), scope, textual, List.of(variables))
                .packet();
    }

    @Test
    void variablesSavedWhileTheCharServerIsAwayAreLoadedFromHere() {
        Packet load = LoadVariables.of(player.account(), player.character(), true, true, true)
                .packet();
        suite.from(cell, load);
        toPlayer(variables(
                VariablesLoaded.CHARACTER,
                false,
                Variable.number("PC_DIE_COUNTER", 0, 1),
                Variable.number("kill_a", 0, 5),
                Variable.number("kill_b", 0, 6)));
        toPlayer(variables(VariablesLoaded.CHARACTER, true, Variable.text("title$", 0, "x")));
        toPlayer(variables(VariablesLoaded.ACCOUNT, false, Variable.number("#bank", 0, 7)));
        suite.charServerDies();
        suite.from(
                cell,
                SaveVariables.of(
                                player.account(),
                                player.character(),
                                List.of(
                                        Variable.number("PC_DIE_COUNTER", 0, 2),
                                        new Variable("kill_b", 0, Variable.Kind.NO_NUMBER, 0, ""),
                                        Variable.number("kill_c", 3, 9)))
                        .packet());
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        Cell next = crashes();
        next.line().take();

        suite.from(next, load);

        List<VariablesLoaded> answer =
                next.line().sent.stream().map(VariablesLoaded::new).toList();
        assertThat(answer)
                .extracting(VariablesLoaded::scope)
                .containsExactly(
                        VariablesLoaded.MORE,
                        VariablesLoaded.CHARACTER,
                        VariablesLoaded.CHARACTER,
                        VariablesLoaded.ACCOUNT);
        assertThat(answer.stream()
                        .flatMap(part -> part.variables().stream())
                        .map(variable -> variable.name() + variable.index() + "=" + variable.number()))
                .containsExactlyInAnyOrder("PC_DIE_COUNTER0=2", "kill_c3=9", "kill_a0=5", "title$0=0", "#bank0=7");
    }

    @Test
    void partyIsToldAnewWhereItsMembersAre() {
        toPlayer(Packet.fixed(CharToMap.PARTY_MEMBER_ADDED, 15)
                .u32(2, 5)
                .u32(6, player.account())
                .u32(10, player.character()));
        suite.from(
                cell,
                Packet.fixed(MapToChar.MOVE_PARTY_MEMBER, 33)
                        .u32(2, 5)
                        .u32(6, player.account())
                        .u32(10, player.character())
                        .u8(14, 1));
        suite.charServerDies();
        suite.pass(Duration.ofMillis(200));
        suite.login();

        assertThat(suite.upstream.ids()).endsWith("2afa", "3025");
    }

    @Test
    void charServerThatDoesNotTakeTheReplayIsGivenItAgain() {
        Player other = player(2);
        suite.plays(other, FIELD, cell);
        suite.charServerDies();
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        suite.from(cell, suite.save(other, FIELD.value(), 0));
        suite.pass(Duration.ofMillis(200));
        Line full = new Line() {
            @Override
            public void send(Packet packet) {
                super.send(packet);
                if (packet.id() == MapToChar.SAVE_CHARACTER) {
                    suite.mux.upstreamClosed(Slot.MULTIPLEXER);
                }
            }
        };
        suite.mux.upstreamOpened(Slot.MULTIPLEXER, full);
        toPlayer(Packet.fixed(CharToMap.LOGIN_ANSWER, 3));
        assertThat(full.ids()).containsExactly("2af8", "2b26", "2b01");
        assertThat(suite.mux.isUp()).isFalse();

        suite.pass(Duration.ofMillis(200));
        suite.login();

        assertThat(suite.upstream.ids()).startsWith("2af8", "2b26", "2b01", "2b26", "2b26", "2b01", "2b26", "2b23");
        assertThat(suite.mux.isUp()).isTrue();
    }

    // ---- thrown out ----

    @ParameterizedTest
    @ValueSource(ints = {CharToMap.BANNED, CharToMap.SEX_CHANGED, CharToMap.KICK})
    void whoIsThrownOutIsClosedByHisRelayToo(int id) {
        Packet word = Packet.fixed(id, id == CharToMap.BANNED ? 11 : 7).u32(2, player.account());
        toPlayer(word);

        assertThat(cell.line().take()).containsExactly(String.format("%04x", id), "3801");
        assertThat(suite.relayOrders).containsExactly("kick " + player.account());
        suite.pass(Duration.ofSeconds(5));
        assertThat(suite.rows).as("a host that keeps him").isEmpty();
        suite.upstream.take();
        suite.from(cell, suite.save(player, FIELD.value(), 0));
        assertThat(suite.upstream.sent).isEmpty();
    }
}
