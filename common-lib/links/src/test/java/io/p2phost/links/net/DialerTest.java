package io.p2phost.links.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.p2phost.links.frame.SourceAddress;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialerTest {
    private static final int SOURCE = 0x7f400001;

    private final List<String> done = new ArrayList<>();

    @Test
    void sourceIsTakenBeforeTheTargetIsDialed() throws Exception {
        dial(true, "127.0.0.1");
        assertThat(done).containsExactly("bind 127.64.0.1", "connect 127.0.0.1");
    }

    /** As on macOS, where 127.0.0.1 is all of loopback. */
    @Test
    void whereTheSourceCannotBeHadAnOrdinaryOneDoes() throws Exception {
        dial(false, "127.0.0.1");
        assertThat(done).containsExactly("bind 127.64.0.1", "refused", "connect 127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1", "::1"})
    void targetBeyondIpv4LoopbackIsDialedAsEver(String target) throws Exception {
        dial(true, target);
        assertThat(done).singleElement().asString().startsWith("connect");
    }

    @ParameterizedTest
    @CsvSource({
        "0, true",
        "0x7f3fffff, false",
        "0x7f400000, true",
        "0x7f7fffff, true",
        "0x7f800000, false",
        "0xff400001, false"
    })
    void sourcesAreOfOneNetwork(String source, boolean legal) {
        assertThat(SourceAddress.isLegal(Long.decode(source).intValue())).isEqualTo(legal);
    }

    private void dial(boolean had, String target) throws Exception {
        Dialer.Dialed outcome = new Dialer.Dialed() {
            @Override
            public void sourceRefused() {
                done.add("refused");
            }

            @Override
            public void connected() {}

            @Override
            public void failed(Throwable cause) {}
        };
        EmbeddedChannel channel = new EmbeddedChannel(new Kernel(had), new Dialer.BindFirst(SOURCE, outcome));
        channel.connect(new InetSocketAddress(InetAddress.getByName(target), 1)).sync();
        channel.finishAndReleaseAll();
    }

    private final class Kernel extends ChannelOutboundHandlerAdapter {
        private final boolean had;

        Kernel(boolean had) {
            this.had = had;
        }

        @Override
        public void bind(ChannelHandlerContext ctx, SocketAddress address, ChannelPromise promise) {
            done.add("bind " + ((InetSocketAddress) address).getAddress().getHostAddress());
            if (had) {
                promise.setSuccess();
            } else {
                promise.setFailure(new BindException("not here"));
            }
        }

        @Override
        public void connect(ChannelHandlerContext ctx, SocketAddress to, SocketAddress from, ChannelPromise promise) {
            done.add("connect " + ((InetSocketAddress) to).getAddress().getHostAddress());
            promise.setSuccess();
        }
    }
}
