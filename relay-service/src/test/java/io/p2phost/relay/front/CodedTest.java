package io.p2phost.relay.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.links.Bytes;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.relay.codec.StreamCodec;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.MapServers;
import io.p2phost.relay.player.ServerLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With a codec whose clients say a key of their own first, with which all that follows is mixed, either way. */
@ExtendWith(LeakGuard.class)
class CodedTest {
    private static final byte MARK = 0x7e;
    private static final byte KEY = 5;
    /** Nothing here takes time. */
    private static final Loop LOOP = new Loop() {
        @Override
        public void execute(Runnable task) {
            throw new AssertionError("not now");
        }

        @Override
        public Alarm after(Duration delay, Runnable task) {
            throw new AssertionError("not now");
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    };

    private static final Destination TO =
            new Destination(Owner.vps("reserve", "127.0.0.1:5121"), MapName.of("prt_fild08"), Epoch.of(1), 0, 1, 0, 0);

    /** {@code MARK, key}, then each byte mixed with the key. */
    private final class KeyCodec implements StreamCodec {
        @Override
        public Match match(ByteBuf first) {
            return first.getByte(first.readerIndex()) != MARK
                    ? Match.NO
                    : first.readableBytes() < 2 ? Match.MORE : Match.YES;
        }

        @Override
        public Session open() {
            return new KeySession();
        }

        @Override
        public boolean isCarried() {
            return true;
        }
    }

    private final class KeySession implements StreamCodec.Session {
        private byte key;

        @Override
        public StreamCodec.Direction fromClient() {
            return bytes -> {
                if (key == 0) {
                    bytes.skipBytes(1);
                    key = bytes.readByte();
                }
                return mix(bytes);
            };
        }

        @Override
        public StreamCodec.Direction toClient() {
            return this::mix;
        }

        /** Each map-server is told the client's key first. */
        @Override
        public StreamCodec.Server server() {
            boolean[] told = {false};
            StreamCodec.Direction to = new StreamCodec.Direction() {
                @Override
                public ByteBuf pass(ByteBuf bytes) {
                    ByteBuf mixed = mix(bytes);
                    ByteBuf hello = told[0] ? Unpooled.EMPTY_BUFFER : Unpooled.copiedBuffer(new byte[] {MARK, key});
                    told[0] = true;
                    return Unpooled.wrappedBuffer(hello, mixed);
                }

                @Override
                public Bytes state() {
                    return Bytes.of((byte) (told[0] ? 1 : 0));
                }

                @Override
                public void goOnFrom(Bytes state) {
                    told[0] = state.toArray()[0] == 1;
                }
            };
            return new StreamCodec.Server(to, this::mix);
        }

        @Override
        public void close() {
            closed++;
        }

        @Override
        public Bytes state() {
            return Bytes.of(key);
        }

        @Override
        public void goOnFrom(Bytes state) {
            key = state.toArray()[0];
        }

        private ByteBuf mix(ByteBuf bytes) {
            for (int at = bytes.readerIndex(); at < bytes.writerIndex(); at++) {
                bytes.setByte(at, bytes.getByte(at) ^ key);
            }
            return bytes;
        }
    }

    /** Dials at once, and keeps what is sent. */
    private static final class Servers implements MapServers {
        private final List<byte[]> sent = new ArrayList<>();
        private ServerLink.@Nullable Events events;

        @Override
        public Runnable dial(Loop loop, Destination to, int account, ServerLink.Events told) {
            events = told;
            told.connected(link());
            return () -> {};
        }

        ServerLink link() {
            return new ServerLink() {
                @Override
                public void send(ByteBuf bytes) {
                    sent.add(taken(bytes));
                }

                @Override
                public boolean isWritable() {
                    return true;
                }

                @Override
                public void reading(boolean more) {}

                @Override
                public void abandon() {}

                @Override
                public void close() {}
            };
        }

        void say(byte... bytes) {
            Objects.requireNonNull(events).received(Unpooled.copiedBuffer(bytes));
        }
    }

    /** Whoever speaks with a map-server through the codec. */
    private static final class Speaker implements ServerLink.Events {
        private final List<byte[]> heard = new ArrayList<>();
        private @Nullable ServerLink link;

        @Override
        public void connected(ServerLink made) {
            link = made;
        }

        @Override
        public void failed(String why) {}

        @Override
        public void received(ByteBuf bytes) {
            heard.add(taken(bytes));
        }

        @Override
        public void writable() {}

        @Override
        public void ended() {}

        void send(byte... bytes) {
            Objects.requireNonNull(link).send(Unpooled.copiedBuffer(bytes));
        }
    }

    private int closed;
    private final StreamCodec codec = new KeyCodec();
    private final Servers servers = new Servers();
    private final Coded coded = new Coded(codec, servers);

    private static byte[] taken(ByteBuf bytes) {
        byte[] all = ByteBufUtil.getBytes(bytes);
        bytes.release();
        return all;
    }

    private static byte mixed(int plain) {
        return (byte) (plain ^ KEY);
    }

    private static ByteBuf bytes(int... values) {
        ByteBuf all = Unpooled.buffer();
        for (int value : values) {
            all.writeByte(value);
        }
        return all;
    }

    private Speaker dial(Coded with) {
        Speaker speaker = new Speaker();
        with.dial(LOOP, TO, 1, speaker);
        return speaker;
    }

    @Test
    void keyThatTheClientSaidServesAllDirectionsAndTheNextMapServer() {
        assertThat(taken(coded.received(bytes(MARK)))).isEmpty();
        assertThat(taken(coded.received(bytes(KEY, mixed(1), mixed(2))))).containsExactly(1, 2);
        assertThat(taken(coded.sent(bytes(9)))).containsExactly(mixed(9));

        for (int server = 0; server < 2; server++) {
            Speaker speaker = dial(coded);
            speaker.send((byte) 7);
            speaker.send((byte) 8);
            assertThat(servers.sent).containsExactly(new byte[] {MARK, KEY, mixed(7)}, new byte[] {mixed(8)});
            servers.say(mixed(3));
            assertThat(speaker.heard).containsExactly(new byte[] {3});
            servers.sent.clear();
        }
    }

    @Test
    void anotherProcessGoesOnWithTheKeyAndItsMapServer() {
        taken(coded.received(bytes(MARK, KEY)));
        Speaker before = dial(coded);
        before.send((byte) 7);
        servers.sent.clear();
        Carried.Code image = coded.image(before.link);

        Coded next = new Coded(codec, servers);
        assertThat(next.goOnFrom(image)).isTrue();
        Speaker after = new Speaker();
        after.link = next.carried(image, after, events -> servers.link());
        after.send((byte) 8);
        assertThat(servers.sent).containsExactly(new byte[] {mixed(8)});
        assertThat(taken(next.received(bytes(mixed(1))))).containsExactly(1);
        assertThat(taken(next.sent(bytes(9)))).containsExactly(mixed(9));
        next.close();
        next.close();
        assertThat(closed).as("once").isEqualTo(1);
        assertThat(new Coded(null, servers).goOnFrom(image))
                .as("without the codec nobody can go on")
                .isFalse();
    }

    @Test
    void streamThatIsNotTheCodecsPassesAsItIs() {
        assertThat(taken(coded.received(bytes(1, 2)))).containsExactly(1, 2);
        assertThat(taken(coded.sent(bytes(3)))).containsExactly(3);
        Speaker speaker = dial(coded);
        speaker.send((byte) 7);
        assertThat(servers.sent).containsExactly(new byte[] {7});
        assertThat(coded.image(speaker.link).streams()).isNull();
    }
}
