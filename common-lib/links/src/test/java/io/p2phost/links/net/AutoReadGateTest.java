package io.p2phost.links.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.p2phost.links.testing.LeakGuard;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
class AutoReadGateTest {
    private final List<String> seen = new ArrayList<>();
    private final AutoReadGate gate = new AutoReadGate();
    private final EmbeddedChannel channel = new EmbeddedChannel(gate, new ChannelInboundHandlerAdapter() {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            seen.add("bytes");
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            seen.add("end");
        }
    });

    private void comes(int bytes) {
        channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(new byte[bytes]));
    }

    @Test
    void whatIsReadAlthoughAutoReadIsOffWaitsInOrderWithTheEndBehindIt() {
        comes(1);
        channel.config().setAutoRead(false);
        comes(2);
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(seen).containsExactly("bytes");
        assertThat(gate.waiting().length()).isEqualTo(2);

        channel.config().setAutoRead(true);
        assertThat(seen).containsExactly("bytes", "bytes", "end");
        assertThat(gate.waiting().isEmpty()).isTrue();
    }

    @Test
    void moreThanAnybodyNeedsClosesTheConnection() {
        channel.config().setAutoRead(false);
        comes(AutoReadGate.MOST_BYTES);
        assertThat(channel.isOpen()).isTrue();
        comes(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(gate.waiting().isEmpty()).as("nothing is kept").isTrue();
    }
}
