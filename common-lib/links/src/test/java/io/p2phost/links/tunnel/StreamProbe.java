package io.p2phost.links.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamEnd;
import io.p2phost.links.mux.StreamListener;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A stream's end in a test's hand. */
final class StreamProbe implements StreamListener {
    private final CompletableFuture<LinkStream> opened = new CompletableFuture<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<LinkStream> opening = new CompletableFuture<>();
    private volatile boolean finished;

    LinkStream awaitOpened() throws Exception {
        return opened.get(30, TimeUnit.SECONDS);
    }

    void write(String bytes) throws Exception {
        awaitOpened().write(Unpooled.copiedBuffer(bytes, StandardCharsets.UTF_8));
    }

    void finish() throws Exception {
        awaitOpened().finish();
    }

    void awaitText(String expected) {
        Awaitility.await().untilAsserted(() -> assertThat(text()).isEqualTo(expected));
    }

    private synchronized void append(String received) {
        text.append(received);
    }

    synchronized String text() {
        return text.toString();
    }

    String end() throws Exception {
        return end.get(30, TimeUnit.SECONDS);
    }

    boolean isFinished() {
        return finished;
    }

    /** Also before it is opened. */
    void reset() throws Exception {
        opening.get(30, TimeUnit.SECONDS).reset(ResetCode.CONNECTION_RESET);
    }

    @Override
    public void opening(LinkStream stream) {
        opening.complete(stream);
    }

    @Override
    public void opened(LinkStream stream) {
        opened.complete(stream);
    }

    @Override
    public void data(LinkStream stream, ByteBuf payload) {
        int bytes = payload.readableBytes();
        append(payload.toString(StandardCharsets.UTF_8));
        payload.release();
        stream.consumed(bytes);
    }

    @Override
    public void finished(LinkStream stream) {
        finished = true;
    }

    @Override
    public void closed(LinkStream stream, StreamEnd how) {
        String code = stream.resetCode() == null ? "" : " " + stream.resetCode();
        end.complete(how + code);
        opened.completeExceptionally(new IllegalStateException(how + code));
    }
}
