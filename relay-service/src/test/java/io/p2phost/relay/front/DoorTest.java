package io.p2phost.relay.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.AddressLimits.Share;
import io.p2phost.links.net.Networks;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DoorTest {
    private final List<DropReason> dropped = new ArrayList<>();
    private final List<String> cut = new ArrayList<>();
    private final LinkMetrics metrics = new LinkMetrics() {
        @Override
        public void dropped(DropReason reason) {
            dropped.add(reason);
        }
    };

    private Door door(int connections, int entering) {
        return new Door(
                new Door.Rules(
                        new AddressLimits.Rules(connections, new Share(2, 100, 100), new Share(3, 100, 100), 100),
                        entering,
                        Networks.parse(List.of("10.1.0.0/16", "10.66.0.1")),
                        Networks.parse(List.of("10.66.0.0/16")),
                        Networks.parse(List.of("10.2.0.0/16"))),
                () -> 0L,
                metrics);
    }

    private Door.Visit in(Door door, String from) {
        Door.Visit visit = knock(door, from);
        assertThat(visit).as(from + " " + dropped).isNotNull();
        return Objects.requireNonNull(visit);
    }

    private Door.@Nullable Visit knock(Door door, String from) {
        Door.Visit visit = door.knock(ip(from), () -> cut.add(from));
        if (visit != null) {
            visit.isSilent();
        }
        return visit;
    }

    @Test
    void addressAndItsNetworkHaveAShareEach() {
        Door door = door(100, 100);
        in(door, "10.0.0.1");
        in(door, "10.0.0.1");
        assertThat(knock(door, "10.0.0.1")).isNull();
        in(door, "10.0.0.2");
        assertThat(knock(door, "10.0.0.3")).isNull();
        assertThat(dropped).containsExactly(DropReason.ADDRESS_LIMIT, DropReason.NETWORK_LIMIT);
    }

    @Test
    void allowedAddressesHaveNoShareButTheCeilingCounts() {
        Door door = door(5, 100);
        for (int i = 0; i < 5; i++) {
            in(door, "10.1.0.1").spoke();
        }
        assertThat(knock(door, "10.1.0.1")).isNull();
        assertThat(dropped).containsExactly(DropReason.CONNECTION_LIMIT);
    }

    @Test
    void deniedWinsOverAllowed() {
        assertThat(knock(door(5, 5), "10.66.0.1")).isNull();
        assertThat(dropped).containsExactly(DropReason.DENIED);
    }

    @Test
    void longestSilentMakesRoomForTheNewcomer() {
        Door door = door(100, 3);
        in(door, "10.0.1.1").spoke();
        in(door, "10.0.2.1");
        in(door, "10.0.3.1");
        in(door, "10.0.4.1");
        assertThat(cut).containsExactly("10.0.2.1");
        in(door, "10.0.5.1");
        assertThat(cut).containsExactly("10.0.2.1", "10.0.3.1");
        assertThat(door.entering()).isEqualTo(3);
        assertThat(dropped).containsOnly(DropReason.MADE_ROOM);
    }

    @Test
    void whenNobodyIsSilentTheNewcomerIsTurnedAway() {
        Door door = door(100, 2);
        in(door, "10.0.1.1").spoke();
        in(door, "10.0.2.1").spoke();
        assertThat(knock(door, "10.0.3.1")).isNull();
        assertThat(dropped).containsExactly(DropReason.ENTERING_LIMIT);
        assertThat(cut).isEmpty();
    }

    @Test
    void whoIsInGameTakesNoPlaceOfNewcomersAndIsNeverCut() {
        Door door = door(100, 1);
        for (int i = 0; i < 50; i++) {
            Door.Visit visit = in(door, "10.1.0.1");
            visit.spoke();
            visit.isInGame();
            visit.isSilent();
        }
        assertThat(door.entering()).isZero();
        in(door, "10.0.1.1");
        in(door, "10.0.2.1");
        assertThat(cut).containsExactly("10.0.1.1");
    }

    @Test
    void atTheCeilingOfAllTheLongestSilentMakesRoomToo() {
        Door door = door(2, 100);
        in(door, "10.0.1.1").isInGame();
        in(door, "10.0.2.1");
        in(door, "10.0.3.1");
        assertThat(cut).containsExactly("10.0.2.1");
    }

    @Test
    void whoIsAboveHisShareMakesNobodyElseGo() {
        Door door = door(3, 3);
        in(door, "10.0.2.1");
        in(door, "10.0.1.1");
        in(door, "10.0.1.1");
        for (int i = 0; i < 10; i++) {
            assertThat(knock(door, "10.0.1.1")).isNull();
        }
        assertThat(cut).isEmpty();
        assertThat(dropped).hasSize(10).containsOnly(DropReason.ADDRESS_LIMIT);
    }

    @Test
    void placesAndSharesAreGivenBackOnce() {
        Door door = door(2, 2);
        Door.Visit one = in(door, "10.0.1.1");
        Door.Visit two = in(door, "10.0.1.1");
        one.over();
        one.over();
        assertThat(door.entering()).isEqualTo(1);
        in(door, "10.0.1.1");
        two.isInGame();
        two.over();
        assertThat(door.entering()).isEqualTo(1);
        one.isSilent();
        in(door, "10.0.9.1");
        in(door, "10.0.8.1");
        assertThat(cut).as("who is over is not cut").containsExactly("10.0.1.1");
    }

    @Test
    void proxyHasNoShareOfItsOwnAndWhomItNamesHas() throws Exception {
        Door door = door(100, 100);
        for (int i = 0; i < 10; i++) {
            in(door, "10.2.0.1");
        }
        Door.Visit first = in(door, "10.2.0.1");
        assertThat(first.isProxied()).isTrue();
        assertThat(first.address()).isNull();
        assertThat(first.comesFrom(ip("10.0.0.7"))).isTrue();
        assertThat(first.address()).isEqualTo(ip("10.0.0.7"));
        assertThat(in(door, "10.2.0.2").comesFrom(ip("10.0.0.7"))).isTrue();
        assertThat(in(door, "10.2.0.1").comesFrom(ip("10.0.0.7"))).isFalse();
        assertThat(in(door, "10.2.0.1").comesFrom(ip("10.66.0.1"))).isFalse();
        assertThat(dropped).containsExactly(DropReason.ADDRESS_LIMIT, DropReason.DENIED);
        first.over();
        assertThat(in(door, "10.2.0.1").comesFrom(ip("10.0.0.7"))).isTrue();
    }

    @Test
    void whenNothingCanBeAcceptedAFewSilentOnesGo() {
        Door door = door(100, 100);
        for (int i = 0; i < 40; i++) {
            in(door, "10.0." + i + ".1");
        }
        in(door, "10.1.0.1").isInGame();
        door.makeRoom();
        assertThat(cut).hasSize(Door.MOST_MADE_ROOM).contains("10.0.0.1");
        assertThat(door.entering()).isEqualTo(40 - Door.MOST_MADE_ROOM);
        door.makeRoom();
        door.makeRoom();
        door.makeRoom();
        assertThat(cut).hasSize(40).doesNotContain("10.1.0.1");
    }

    @Test
    void addressTableIsBounded() {
        Door door = door(1_000, 1_000);
        for (int i = 0; i < 100; i++) {
            in(door, "10.3." + i + ".1");
        }
        assertThat(knock(door, "10.4.0.1")).isNull();
        assertThat(dropped).containsExactly(DropReason.ADDRESS_TABLE_FULL);
        assertThat(door.addresses()).isEqualTo(100);
    }

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
