package io.p2phost.links.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.p2phost.links.testing.LeakGuard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A place for dialling is free at the target's first word, whichever it is, and at its end. */
@ExtendWith(LeakGuard.class)
class FirstWordTest {
    private static final String WORDS = "what a map-server says";

    private final AtomicInteger heard = new AtomicInteger();
    private final List<String> behind = new ArrayList<>();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new Forwarding.FirstWord(heard::incrementAndGet), new ChannelInboundHandlerAdapter() {
                @Override
                public void channelInactive(ChannelHandlerContext ctx) {
                    behind.add("end after " + heard.get());
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                    behind.add("fault");
                }
            });

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    private void says(String words) {
        channel.writeInbound(channel.alloc().buffer().writeBytes(words.getBytes(StandardCharsets.US_ASCII)));
    }

    private String passed() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf bytes = channel.readInbound(); bytes != null; bytes = channel.readInbound()) {
            all.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }
        return all.toString();
    }

    @Test
    void tornAnywhereTheFirstPieceIsTheWordAndAllPasses() {
        for (int at = 1; at < WORDS.length(); at++) {
            EmbeddedChannel torn = new EmbeddedChannel(new Forwarding.FirstWord(heard::incrementAndGet));
            heard.set(0);
            torn.writeInbound(Unpooled.copiedBuffer(WORDS.substring(0, at), StandardCharsets.US_ASCII));
            assertThat(heard).as("after %d bytes", at).hasValue(1);
            torn.writeInbound(Unpooled.copiedBuffer(WORDS.substring(at), StandardCharsets.US_ASCII));
            assertThat(heard).hasValue(1);
            ByteBuf first = torn.readInbound();
            ByteBuf second = torn.readInbound();
            assertThat(first.toString(StandardCharsets.US_ASCII) + second.toString(StandardCharsets.US_ASCII))
                    .isEqualTo(WORDS);
            first.release();
            second.release();
            assertThat(torn.finish()).isFalse();
        }
    }

    @Test
    void afterItNothingIsInTheWay() {
        says(WORDS + WORDS);
        assertThat(channel.pipeline().get(Forwarding.FirstWord.class)).isNull();
        says("x".repeat(100_000));
        assertThat(passed()).isEqualTo(WORDS + WORDS + "x".repeat(100_000));
        channel.close();
        assertThat(heard).hasValue(1);
        assertThat(behind).containsExactly("end after 1");
    }

    @Test
    void whoEndsWithoutAWordIsHeardBeforeTheEndIsTold() {
        channel.close();
        assertThat(heard).hasValue(1);
        assertThat(behind).containsExactly("end after 1");
    }

    @Test
    void whoBreaksOffWithoutAWordIsHeardWithItsEnd() {
        channel.pipeline().fireExceptionCaught(new IOException("connection reset"));
        assertThat(heard).as("it is still to end").hasValue(0);
        channel.close();
        assertThat(heard).hasValue(1);
        assertThat(behind).containsExactly("fault", "end after 1");
    }
}
