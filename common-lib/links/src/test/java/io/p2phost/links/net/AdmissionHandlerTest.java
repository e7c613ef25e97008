package io.p2phost.links.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.p2phost.links.DropReason;
import io.p2phost.links.testing.EmbeddedSocket;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.testing.RecordingMetrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a listening channel accepts is read by its pipeline. */
@ExtendWith(LeakGuard.class)
class AdmissionHandlerTest {
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final AddressLimits limits = new AddressLimits(new AddressLimits.Rules(10, 2, 100, 100, 10), () -> 0);
    private final EmbeddedChannel listening = new EmbeddedChannel(new AdmissionHandler(limits, metrics));

    @AfterEach
    void close() {
        listening.finishAndReleaseAll();
    }

    private EmbeddedSocket accept() {
        EmbeddedSocket accepted = new EmbeddedSocket();
        listening.writeInbound(accepted);
        return accepted;
    }

    @Test
    void whoeverIsWithinTheLimitsGoesOn() {
        EmbeddedSocket first = accept();
        assertThat(listening.<Object>readInbound()).isSameAs(first);
        assertThat(first.isOpen()).isTrue();
        assertThat(metrics.drops).isEmpty();
    }

    @Test
    void whoeverIsAboveThemIsClosedAtOnceAndGoesNowhere() {
        accept();
        accept();
        listening.releaseInbound();
        EmbeddedSocket third = accept();
        assertThat(third.isOpen()).isFalse();
        assertThat(listening.<Object>readInbound()).isNull();
        assertThat(metrics.drops).containsExactly(DropReason.ADDRESS_LIMIT);
    }

    @Test
    void placeIsFreeAgainWhenAConnectionIsClosed() {
        EmbeddedSocket first = accept();
        accept();
        first.close();
        assertThat(accept().isOpen()).isTrue();
        assertThat(metrics.drops).isEmpty();
    }

    @Test
    void whoIsGoneAlreadyCostsNobodyAPlace() {
        EmbeddedSocket gone = new EmbeddedSocket((java.net.InetSocketAddress) null);
        listening.writeInbound(gone);
        assertThat(gone.isOpen()).isFalse();
        assertThat(listening.<Object>readInbound()).isNull();
        accept();
        assertThat(accept().isOpen()).isTrue();
        assertThat(metrics.drops).isEmpty();
    }

    @Test
    void whatIsNoConnectionPasses() {
        listening.writeInbound("something else");
        assertThat(listening.<Object>readInbound()).isEqualTo("something else");
    }
}
