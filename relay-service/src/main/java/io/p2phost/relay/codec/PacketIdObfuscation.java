package io.p2phost.relay.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.links.Bytes;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientToMap;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * rAthena's own packet obfuscation, which clients up to 2018-03-07 may use: the id of each packet that a client sends is
 * mixed with 15 bits of a key that rolls on with every packet ({@code key = key * k1 + k2}, 32 bits, from {@code k0}). Each
 * map-server connection begins anew, so a player can be moved within his connection too.
 */
final class PacketIdObfuscation implements StreamCodec {
    private static final int KEYS = 3;
    private static final int BITS = 0x7fff;

    private final Context context;
    private final int[] keys;

    /** As the service loader finds it. */
    public static final class Provider implements StreamCodec.Provider {
        private static final Pattern KEY = Pattern.compile("0x[0-9a-fA-F]{1,8}");

        @Override
        public String name() {
            return "rathena-obfuscation";
        }

        @Override
        public StreamCodec create(Context context) {
            String text = context.settings().getOrDefault("keys", "");
            String[] words = text.split("\\s*,\\s*", -1);
            List<Integer> keys = new ArrayList<>();
            for (String word : words) {
                if (words.length == KEYS && KEY.matcher(word).matches()) {
                    keys.add(Integer.parseUnsignedInt(word.substring(2), 16));
                }
            }
            if (keys.size() != KEYS) {
                throw new IllegalArgumentException(
                        "keys: " + (text.isEmpty() ? "missing" : text)
                                + " (expected: the three keys of the client version, such as 0x12345678,0x9abcdef0,0x0fedcba9)");
            }
            return new PacketIdObfuscation(
                    context, keys.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    private PacketIdObfuscation(Context context, int[] keys) {
        this.context = context;
        this.keys = keys;
    }

    @Override
    public Match match(ByteBuf first) {
        if (first.readableBytes() < Short.BYTES) {
            return Match.MORE;
        }
        int id = first.getUnsignedShortLE(first.readerIndex());
        return context.ids().standard(id ^ new Key().mask()) == ClientToMap.ENTER ? Match.YES : Match.NO;
    }

    /** The key of each connection begins anew: they share nothing. */
    @Override
    public Session open() {
        return new Session() {
            @Override
            public Direction fromClient() {
                return new Ids(false);
            }

            @Override
            public Direction toClient() {
                return Direction.PLAIN;
            }

            @Override
            public Server server() {
                return new Server(new Ids(true), Direction.PLAIN);
            }
        };
    }

    @Override
    public boolean isCarried() {
        return true;
    }

    /** The rolling key, at its first packet. */
    private final class Key {
        private int key = keys[0] * keys[1] + keys[2];

        int mask() {
            return key >>> 16 & BITS;
        }

        void roll() {
            key = key * keys[1] + keys[2];
        }
    }

    /** Mixes the ids of a stream's packets; the same either way, but for where the plain id stands. */
    private final class Ids implements Direction {
        private final boolean plainComesIn;
        private final Key key = new Key();
        /** Bytes of the packet under way that are still to come. */
        private int rest;
        /** A packet whose length cannot be told yet: at most its header. */
        private ByteBuf header = Unpooled.EMPTY_BUFFER;
        /** An unknown packet came: nobody knows where the next begins. */
        private boolean lost;

        Ids(boolean plainComesIn) {
            this.plainComesIn = plainComesIn;
        }

        @Override
        public ByteBuf pass(ByteBuf bytes) {
            ByteBuf in = bytes;
            if (header.isReadable()) {
                in = Unpooled.wrappedBuffer(header, bytes);
                header = Unpooled.EMPTY_BUFFER;
            }
            int at = in.readerIndex() + Math.min(rest, in.readableBytes());
            rest -= at - in.readerIndex();
            while (rest == 0 && !lost && at < in.writerIndex()) {
                Integer length = begin(in, at);
                if (length == null) {
                    header = Unpooled.copiedBuffer(in.slice(at, in.writerIndex() - at));
                    in.writerIndex(at);
                    break;
                }
                int there = Math.min(length, in.writerIndex() - at);
                rest = length - there;
                at += there;
            }
            return in;
        }

        @Override
        public Bytes state() {
            ByteBuf state = Unpooled.buffer();
            state.writeInt(key.key).writeInt(rest).writeBoolean(lost);
            state.writeBytes(header, header.readerIndex(), header.readableBytes());
            return Bytes.of(state);
        }

        @Override
        public void goOnFrom(Bytes before) {
            ByteBuf state = before.toBuffer();
            key.key = state.readInt();
            rest = state.readInt();
            lost = state.readBoolean();
            header = state;
        }

        /** Mixes the id of the packet that begins there: its length; null when its header is not there yet. */
        private @Nullable Integer begin(ByteBuf in, int at) {
            int available = in.writerIndex() - at;
            if (available < Short.BYTES) {
                return null;
            }
            int came = in.getUnsignedShortLE(at);
            int mixed = came ^ key.mask();
            int length = context.lengths().of(plainComesIn ? came : mixed);
            if (length == PacketLengths.VARIABLE) {
                if (available < Packet.VARIABLE_HEADER) {
                    return null;
                }
                length = in.getUnsignedShortLE(at + Short.BYTES);
            }
            if (length < Short.BYTES) {
                lost = true;
                return available;
            }
            in.setShortLE(at, mixed);
            key.roll();
            return length;
        }
    }
}
