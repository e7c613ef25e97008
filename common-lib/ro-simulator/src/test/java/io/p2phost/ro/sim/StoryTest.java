package io.p2phost.ro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole histories over the cores, in virtual time. */
final class StoryTest {
    private static final Point HOME = new Point("prt_fild08", 190, 100);

    private final Stage stage = new Stage(7);
    private final SimMapServer first = stage.mapServer(5121, "prontera", "prt_fild08");
    private final SimMapServer second = stage.mapServer(5122, "prt_fild07", "prt_fild05");
    private final SimClient alice = stage.client("alice", 99, HOME);
    private final SimClient bob = stage.client("bob", 0, new Point("prt_fild07", 50, 50));

    private void online() {
        stage.until("servers", () -> first.ready() && second.ready() && second.otherServers() > 0);
    }

    private void both() {
        online();
        stage.play(alice);
        stage.play(bob);
    }

    private void cross() {
        alice.walkTo(197, 100);
        stage.until("other side", () -> second.plays(alice.accountId()) && alice.playing());
        stage.run(500);
    }

    @Test
    void fromLoginToQuitAcrossTwoServers() {
        List<Integer> members = List.of(
                stage.database.characterIds().get(0),
                stage.database.characterIds().get(1));
        stage.database.formParty("Pair", members);
        both();
        assertThat(alice.at().map()).isEqualTo("prt_fild08");
        assertThat(alice.mapServer()).isEqualTo(Endpoint.of("127.0.0.1:5121"));
        assertThat(stage.database.online(alice.charId())).isTrue();

        alice.sayToParty("on my way");
        alice.whisper("Bob", "where are you?");
        stage.run(200);
        assertThat(bob.partyChat()).containsExactly("Alice : on my way");
        assertThat(alice.partyChat()).containsExactly("Alice : on my way");
        assertThat(bob.whispers()).containsExactly("Alice: where are you?");
        assertThat(alice.lastWhisperResult()).isZero();

        alice.say("@zeny 500");
        alice.say("@item 645");
        stage.run(200);
        assertThat(alice.zeny()).isEqualTo(1500);
        alice.use(alice.slotOf(645));
        stage.run(200);
        assertThat(alice.icons()).containsExactly(55);

        cross();
        assertThat(alice.at()).isEqualTo(new Point("prt_fild07", 10, 100));
        assertThat(alice.serverMoves()).isEqualTo(1);
        assertThat(alice.icons()).containsExactly(55);
        assertThat(second.status(alice.accountId()).zeny()).isEqualTo(1500);

        stage.kill(alice);
        stage.run(200);
        assertThat(alice.baseExp()).isEqualTo(2);
        alice.say("hello");
        stage.run(200);
        assertThat(bob.chat()).contains("Alice : hello");

        alice.quit();
        stage.run(500);
        // The Poring hit back, which holds her here a while.
        assertThat(second.plays(alice.accountId())).isTrue();
        stage.run(Duration.ofSeconds(10));
        Status saved = stage.database.status(alice.charId());
        assertThat(saved.zeny()).isEqualTo(1500);
        assertThat(saved.baseExp()).isEqualTo(2);
        assertThat(saved.lastPoint().map()).isEqualTo("prt_fild07");
        assertThat(stage.database.online(alice.charId())).isFalse();
        assertThat(stage.database.characterVariable(alice.charId(), "SIM_KILLS"))
                .isEqualTo(1L);
        assertThat(stage.database.statusChanges(alice.charId())).hasSize(1);
        assertThat(alice.faults()).isEmpty();
        assertThat(bob.faults()).isEmpty();

        stage.play(alice);
        assertThat(alice.at().map()).isEqualTo("prt_fild07");
        assertThat(alice.icons()).containsExactly(55);
    }

    @Test
    void portalOnOneServerIsNoServerChange() {
        both();
        bob.walkTo(197, 100);
        stage.until("next map", () -> bob.at().map().equals("prt_fild05"));
        assertThat(bob.serverMoves()).isZero();
        assertThat(bob.at()).isEqualTo(new Point("prt_fild05", 10, 100));
    }

    @Test
    void lootIsDroppedAndPickedUpByAnother() {
        both();
        alice.say("@item 909 5");
        cross();
        alice.walkTo(50, 52);
        stage.until("beside bob", () -> alice.at().equals(new Point("prt_fild07", 50, 52)));
        stage.run(3_000);

        alice.drop(alice.slotOf(909), 3);
        stage.run(200);
        assertThat(alice.carries(909)).isEqualTo(2);
        int lying = bob.floor().getLast();
        bob.pickUp(lying);
        stage.run(200);

        assertThat(bob.carries(909)).isEqualTo(3);
        assertThat(bob.floor()).doesNotContain(lying);
        assertThat(second.total(909)).isEqualTo(5);
        alice.quit();
        bob.quit();
        stage.run(500);
        assertThat(stage.database.total(909)).isEqualTo(5);
    }

    @Test
    void whatIsTooFarAwayStaysLying() {
        both();
        alice.say("@item 909 1");
        cross();
        alice.drop(alice.slotOf(909), 1);
        stage.run(200);

        bob.pickUp(bob.floor().getLast());
        stage.run(200);

        assertThat(bob.carries(909)).isZero();
        stage.run(Duration.ofSeconds(61));
        assertThat(second.total(909)).isZero();
    }

    @Test
    void deathOfAServerLosesWhatWasNotSaved() {
        both();
        alice.say("@zeny 500");
        stage.run(100);
        first.saveNow(alice.accountId());
        alice.say("@zeny 70");
        stage.run(100);

        stage.kill(first);
        stage.run(200);

        assertThat(alice.playing()).isFalse();
        assertThat(stage.database.status(alice.charId()).zeny()).isEqualTo(1500);
        assertThat(stage.charServer.serverOf(alice.accountId())).isEqualTo(-2);
        alice.play(0);
        stage.run(500);
        assertThat(alice.lastBan()).isEqualTo(8);
        stage.mapServer(5123, "prontera", "prt_fild08");
        stage.until("server", () -> stage.charServer.announcedMaps(0).contains("prt_fild08"));
        stage.play(alice);
        assertThat(alice.playing()).isTrue();
    }

    @Test
    void charServerDiesAndReturnsWhilePeoplePlay() {
        both();
        stage.killCharServer();
        stage.run(500);
        alice.say("@zeny 500");
        alice.walkTo(197, 100);
        stage.run(3_000);
        assertThat(alice.playing()).isTrue();
        assertThat(alice.at().map()).isEqualTo("prt_fild08");
        assertThat(alice.zeny()).isEqualTo(1500);

        stage.startCharServer();
        stage.until("back", () -> first.ready() && second.ready() && first.otherServers() > 0);
        assertThat(stage.charServer.serverOf(alice.accountId())).isNotNegative();
        alice.walkTo(190, 100);
        stage.run(2_000);
        cross();
        assertThat(stage.database.status(alice.charId()).zeny()).isEqualTo(1500);
        assertThat(alice.faults()).isEmpty();
    }

    @Test
    void leavingWhileTheCharServerIsAwayIsSavedLater() {
        both();
        alice.say("@zeny 500");
        stage.run(100);
        stage.killCharServer();
        stage.run(100);
        alice.quit();
        stage.run(Duration.ofSeconds(30));
        assertThat(stage.database.status(alice.charId()).zeny()).isEqualTo(1000);

        stage.startCharServer();
        stage.until("saved", () -> stage.database.status(alice.charId()).zeny() == 1500);
        assertThat(stage.database.online(alice.charId())).isFalse();
    }

    @Test
    void secondLoginThrowsTheFirstOut() {
        both();
        SimClient again = new SimClient(Stage.LOGIN, "alice", "secret", stage.net, stage.net.host("127.0.0.3"));
        stage.net.add(again);

        again.play(0);
        stage.run(1_000);
        assertThat(again.lastBan()).isEqualTo(8);
        assertThat(alice.lastBan()).isEqualTo(2);
        stage.play(again);

        assertThat(again.playing()).isTrue();
        assertThat(alice.playing()).isFalse();
    }

    @Test
    void backToTheCharacterScreenAndIn() {
        both();
        alice.toCharacterScreen();
        stage.until("there", () -> alice.phase() == SimClient.Phase.SELECTING);
        stage.run(500);
        assertThat(stage.database.online(alice.charId())).isFalse();

        alice.selectAgain();
        stage.until("in game", alice::playing);
        assertThat(alice.faults()).isEmpty();
    }

    @Test
    void partyIsMadeAndJoinedAndLeft() {
        both();
        cross();
        alice.createParty("Friends");
        stage.run(200);
        alice.invite("Bob");
        stage.run(200);
        assertThat(bob.invitedTo()).isPositive();
        bob.acceptInvitation();
        stage.run(200);

        assertThat(stage.database.partyMembers(bob.invitedTo())).containsExactly("Alice", "Bob");
        bob.sayToParty("thanks");
        stage.run(200);
        assertThat(alice.partyChat()).containsExactly("Bob : thanks");
        bob.leaveParty();
        stage.run(200);
        assertThat(stage.database.partyMembers(bob.invitedTo())).containsExactly("Alice");
        bob.sayToParty("still there?");
        stage.run(200);
        assertThat(alice.partyChat()).containsExactly("Bob : thanks");
    }

    @Test
    void whisperToNobodyIsSaidSo() {
        both();
        alice.whisper("Nobody", "hello?");
        stage.run(200);
        assertThat(alice.lastWhisperResult()).isEqualTo(1);
        bob.quit();
        stage.run(200);
        alice.whisper("Bob", "hello?");
        stage.run(200);
        assertThat(alice.lastWhisperResult()).isEqualTo(1);
    }

    @Test
    void autosaveReachesEverybodyInTurn() {
        both();
        alice.say("@zeny 500");
        stage.run(Duration.ofSeconds(620));
        assertThat(stage.database.status(alice.charId()).zeny()).isEqualTo(1500);
        assertThat(alice.playing()).isTrue();
        assertThat(stage.charServer.dropped()).isZero();
    }

    @Test
    void refusedPasswordIsRefused() {
        online();
        SimClient wrong = new SimClient(Stage.LOGIN, "alice", "no", stage.net, stage.net.host("127.0.0.3"));
        stage.net.add(wrong);
        wrong.play(0);
        stage.run(500);
        assertThat(wrong.lastBan()).isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void sameSeedGivesTheSameBytes(long seed) {
        assertThat(history(seed)).isEqualTo(history(seed));
    }

    private static List<String> history(long seed) {
        Stage stage = new Stage(seed);
        SimMapServer server = stage.mapServer(5121, "prt_fild08");
        SimClient client = stage.client("carol", 0, HOME);
        stage.until("ready", server::ready);
        stage.play(client);
        stage.kill(client);
        client.walkTo(20, 20);
        stage.run(Duration.ofSeconds(40));
        client.quit();
        stage.run(1_000);
        return stage.clients.entries().stream()
                .map(entry -> entry.connection() + " " + entry.toListener() + " "
                        + java.util.HexFormat.of().formatHex(entry.packet().bytes()))
                .toList();
    }
}
