package io.p2phost.links.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.links.DropReason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AddressLimitsTest {
    private long now;

    private AddressLimits limits(int total, int perAddress, double perSecond, int burst, int addresses) {
        return new AddressLimits(new AddressLimits.Rules(total, perAddress, perSecond, burst, addresses), () -> now);
    }

    @Test
    void ceilingHoldsForAllTogether() {
        AddressLimits limits = limits(2, 2, 100, 100, 10);
        assertThat(limits.admit(ip("10.0.0.1"))).isEmpty();
        assertThat(limits.admit(ip("10.0.0.2"))).isEmpty();
        assertThat(limits.admit(ip("10.0.0.3"))).contains(DropReason.CONNECTION_LIMIT);
        limits.release(ip("10.0.0.1"));
        assertThat(limits.admit(ip("10.0.0.3"))).isEmpty();
        assertThat(limits.connections()).isEqualTo(2);
    }

    @Test
    void oneAddressHasItsOwnCeiling() {
        AddressLimits limits = limits(10, 2, 100, 100, 10);
        limits.admit(ip("10.0.0.1"));
        limits.admit(ip("10.0.0.1"));
        assertThat(limits.admit(ip("10.0.0.1"))).contains(DropReason.ADDRESS_LIMIT);
        assertThat(limits.admit(ip("10.0.0.2"))).isEmpty();
    }

    @Test
    void rateLetsABurstThroughAndThenSoManyASecond() {
        AddressLimits limits = limits(10, 10, 2, 3, 10);
        for (int i = 0; i < 3; i++) {
            assertThat(limits.admit(ip("10.0.0.1"))).isEmpty();
            limits.release(ip("10.0.0.1"));
        }
        assertThat(limits.admit(ip("10.0.0.1"))).contains(DropReason.ADDRESS_RATE);
        now += TimeUnit.MILLISECONDS.toNanos(500);
        assertThat(limits.admit(ip("10.0.0.1"))).isEmpty();
        assertThat(limits.admit(ip("10.0.0.1"))).contains(DropReason.ADDRESS_RATE);
    }

    @Test
    void ipv6CountsByNetwork() {
        AddressLimits limits = limits(10, 1, 100, 100, 10);
        assertThat(limits.admit(ip("2001:db8:1:2::1"))).isEmpty();
        assertThat(limits.admit(ip("2001:db8:1:2:ffff::9"))).contains(DropReason.ADDRESS_LIMIT);
        assertThat(limits.admit(ip("2001:db8:1:3::1"))).isEmpty();
    }

    @Test
    void fullTableRefusesStrangersAndKeepsThoseWhoAreConnected() {
        AddressLimits limits = limits(10, 5, 100, 5, 2);
        limits.admit(ip("10.0.0.1"));
        limits.admit(ip("10.0.0.2"));
        assertThat(limits.admit(ip("10.0.0.3"))).contains(DropReason.ADDRESS_TABLE_FULL);
        assertThat(limits.admit(ip("10.0.0.1"))).isEmpty();
        assertThat(limits.addresses()).isEqualTo(2);

        limits.release(ip("10.0.0.2"));
        now += TimeUnit.SECONDS.toNanos(1);

        assertThat(limits.admit(ip("10.0.0.3"))).as("the idle one made room").isEmpty();
        assertThat(limits.addresses()).isEqualTo(2);
    }

    @Test
    void networkHasACeilingWhateverItsAddressesHave() {
        AddressLimits limits = byNetwork(3, 100);
        assertThat(limits.admit(ip("10.0.0.1"))).isEmpty();
        assertThat(limits.admit(ip("10.0.0.2"))).isEmpty();
        assertThat(limits.admit(ip("10.0.0.3"))).isEmpty();
        assertThat(limits.admit(ip("10.0.0.4"))).contains(DropReason.NETWORK_LIMIT);
        assertThat(limits.admit(ip("10.0.1.4"))).isEmpty();
        limits.release(ip("10.0.0.2"));
        assertThat(limits.admit(ip("10.0.0.4"))).isEmpty();
    }

    @Test
    void ipv6NetworkIsA48() {
        AddressLimits limits = byNetwork(2, 100);
        assertThat(limits.admit(ip("2001:db8:1:1::1"))).isEmpty();
        assertThat(limits.admit(ip("2001:db8:1:2::1"))).isEmpty();
        assertThat(limits.admit(ip("2001:db8:1:3::1"))).contains(DropReason.NETWORK_LIMIT);
        assertThat(limits.admit(ip("2001:db8:2:3::1"))).isEmpty();
    }

    @Test
    void networkHasARateAndWhatAnAddressIsRefusedCostsItsNeighboursNothing() {
        AddressLimits limits = byNetwork(100, 12);
        for (int i = 0; i < 100; i++) {
            limits.admit(ip("10.0.0.1"));
        }
        assertThat(limits.connections()).as("the address's own burst").isEqualTo(10);
        assertThat(limits.admit(ip("10.0.0.2"))).isEmpty();
        assertThat(limits.admit(ip("10.0.0.3"))).isEmpty();
        assertThat(limits.admit(ip("10.0.0.4"))).contains(DropReason.NETWORK_RATE);
        now += TimeUnit.SECONDS.toNanos(1);
        assertThat(limits.admit(ip("10.0.0.4"))).isEmpty();
    }

    @Test
    void busyAddressesOfLongAgoDoNotHideTheIdleOnes() {
        AddressLimits limits = limits(1_000, 5, 100, 5, 20);
        for (int i = 0; i < 10; i++) {
            limits.admit(ip("10.0.0." + i));
        }
        for (int i = 10; i < 20; i++) {
            limits.admit(ip("10.0.0." + i));
            limits.release(ip("10.0.0." + i));
        }
        now += TimeUnit.SECONDS.toNanos(1);
        assertThat(limits.admit(ip("10.0.1.1")))
                .as("eight were looked at, all busy")
                .contains(DropReason.ADDRESS_TABLE_FULL);
        assertThat(limits.admit(ip("10.0.1.1"))).as("the next were looked at").isEmpty();
        assertThat(limits.addresses()).isEqualTo(20);
    }

    @Test
    void tableOfNetworksIsBoundedToo() {
        AddressLimits limits = new AddressLimits(
                new AddressLimits.Rules(
                        100, new AddressLimits.Share(10, 1000, 10), new AddressLimits.Share(10, 1, 10), 2),
                () -> now);
        assertThat(limits.admit(ip("10.0.0.1"))).isEmpty();
        assertThat(limits.admit(ip("10.0.1.1"))).isEmpty();
        limits.release(ip("10.0.0.1"));
        now += TimeUnit.MILLISECONDS.toNanos(500);
        assertThat(limits.admit(ip("10.0.2.1"))).contains(DropReason.ADDRESS_TABLE_FULL);
        assertThat(limits.addresses()).isEqualTo(2);
    }

    private AddressLimits byNetwork(int connections, int burst) {
        return new AddressLimits(
                new AddressLimits.Rules(
                        1_000,
                        new AddressLimits.Share(100, 1, 10),
                        new AddressLimits.Share(connections, 1, burst),
                        100),
                () -> now);
    }

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
