package io.p2phost.relay.takeover;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.links.Bytes;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.mux.StreamsImage;
import io.p2phost.links.mux.Tokens;
import io.p2phost.links.tunnel.TunnelImage;
import io.p2phost.relay.front.Carried;
import io.p2phost.relay.player.Commands;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.SessionImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages as bytes: length, kind, then the fields in their order, as {@link DataOutputStream} writes them. A change of any
 * record in here is a change of {@link #FORMAT}.
 */
public final class Messages {
    /** Number of what is written here. Processes of different formats hand nothing over. */
    public static final int FORMAT = 2;

    private static final List<Message.Door.Kind> DOORS = List.of(Message.Door.Kind.values());

    /** Longer is none: a tunnel's streams hold no more than its link may. */
    static final int LONGEST = 96 << 20;

    private static final int HELLO = 1;
    private static final int REFUSED = 2;
    private static final int WELCOME = 3;
    private static final int DOOR = 4;
    private static final int PLAYER = 5;
    private static final int TUNNEL = 6;
    private static final int END = 7;
    private static final int TAKEN = 8;
    private static final int GO = 9;

    private static final int NO_WAY = 0;
    private static final int SOCKET = 1;
    private static final int STREAM = 2;

    private Messages() {}

    /** The message with its length before it. */
    public static byte[] encode(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(0);
            write(out, message);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        byte[] all = bytes.toByteArray();
        int length = all.length - Integer.BYTES;
        if (length > LONGEST) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: at most " + LONGEST + ")");
        }
        ByteBuffer.wrap(all).putInt(length);
        return all;
    }

    /** Whether a message can be that long. */
    public static boolean isLength(int length) {
        return length > 0 && length <= LONGEST;
    }

    /** The message without its length. */
    public static Message decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            Message message = read(in);
            if (in.available() > 0) {
                throw new IOException("message: " + in.available() + " bytes left over (expected: none)");
            }
            return message;
        } catch (RuntimeException e) {
            throw new IOException("message: malformed", e);
        }
    }

    private static void write(DataOutputStream out, Message message) throws IOException {
        switch (message) {
            case Message.Hello hello -> {
                out.writeByte(HELLO);
                out.writeInt(hello.format());
                out.writeUTF(hello.relayId());
            }
            case Message.Refused refused -> {
                out.writeByte(REFUSED);
                out.writeUTF(refused.why());
            }
            case Message.Welcome welcome -> out.writeByte(WELCOME);
            case Message.Door door -> {
                out.writeByte(DOOR);
                out.writeByte(DOORS.indexOf(door.kind()));
            }
            case Message.Player player -> {
                out.writeByte(PLAYER);
                player(out, player.carried());
            }
            case Message.Tunnel tunnel -> {
                out.writeByte(TUNNEL);
                tunnel(out, tunnel.image());
            }
            case Message.End end -> {
                out.writeByte(END);
                out.writeInt(end.messages());
            }
            case Message.Taken taken -> out.writeByte(TAKEN);
            case Message.Go go -> out.writeByte(GO);
        }
    }

    private static Message read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case HELLO -> new Message.Hello(in.readInt(), in.readUTF());
            case REFUSED -> new Message.Refused(in.readUTF());
            case WELCOME -> new Message.Welcome();
            case DOOR -> new Message.Door(door(in));
            case PLAYER -> new Message.Player(player(in));
            case TUNNEL -> new Message.Tunnel(tunnel(in));
            case END -> new Message.End(in.readInt());
            case TAKEN -> new Message.Taken();
            case GO -> new Message.Go();
            default -> throw new IOException("message: kind " + kind + " (expected: " + HELLO + " to " + GO + ")");
        };
    }

    private static Message.Door.Kind door(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        if (kind >= DOORS.size()) {
            throw new IOException("door: kind " + kind + " (expected: less than " + DOORS.size() + ")");
        }
        return DOORS.get(kind);
    }

    // ---- players ----

    private static void player(DataOutputStream out, Carried carried) throws IOException {
        image(out, carried.image());
        socket(out, carried.socket());
        switch (carried.way()) {
            case null -> out.writeByte(NO_WAY);
            case Carried.Socket server -> {
                out.writeByte(SOCKET);
                socket(out, server);
            }
            case Carried.Stream stream -> out.writeByte(STREAM);
        }
        code(out, carried.code());
    }

    private static Carried player(DataInputStream in) throws IOException {
        SessionImage image = image(in);
        Carried.Socket own = socket(in);
        int way = in.readUnsignedByte();
        return new Carried(
                image,
                own,
                switch (way) {
                    case NO_WAY -> null;
                    case SOCKET -> socket(in);
                    case STREAM -> new Carried.Stream(null);
                    default -> throw new IOException("way: " + way + " (expected: 0 to 2)");
                },
                code(in));
    }

    private static void code(DataOutputStream out, Carried.Code code) throws IOException {
        out.writeBoolean(code.told());
        bytes(out, code.first());
        Carried.Streams streams = code.streams();
        out.writeBoolean(streams != null);
        if (streams != null) {
            bytes(out, streams.session());
            bytes(out, streams.in());
            bytes(out, streams.out());
            bytes(out, streams.toServer());
            bytes(out, streams.fromServer());
        }
    }

    private static Carried.Code code(DataInputStream in) throws IOException {
        return new Carried.Code(
                in.readBoolean(),
                bytes(in),
                in.readBoolean() ? new Carried.Streams(bytes(in), bytes(in), bytes(in), bytes(in), bytes(in)) : null);
    }

    private static void socket(DataOutputStream out, Carried.Socket socket) throws IOException {
        bytes(out, socket.unread());
        bytes(out, socket.unsent());
    }

    private static Carried.Socket socket(DataInputStream in) throws IOException {
        return new Carried.Socket(-1, bytes(in), bytes(in));
    }

    private static void image(DataOutputStream out, SessionImage image) throws IOException {
        out.writeUTF(image.address());
        bytes(out, image.first());
        bytes(out, image.enter());
        out.writeLong(image.number());
        out.writeInt(image.group());
        out.writeBoolean(image.seen());
        out.writeBoolean(image.inGame());
        out.writeInt(image.loading());
        out.writeBoolean(image.quitting());
        out.writeBoolean(image.opaque());
        out.writeBoolean(image.clientOpaque());
        bytes(out, image.half());
        out.writeInt(image.tick());
        out.writeLong(image.aloneMillis());
        out.writeLong(image.connectedMillis());
        trips(out, image.trips());
        SessionImage.Screen screen = image.screen();
        out.writeBoolean(screen != null);
        if (screen != null) {
            screen(out, screen);
        }
        SessionImage.Server server = image.server();
        out.writeBoolean(server != null);
        if (server != null) {
            server(out, server);
        }
        SessionImage.Pipe pipe = image.pipe();
        out.writeBoolean(pipe != null);
        out.writeBoolean(pipe != null && pipe.answered());
    }

    private static SessionImage image(DataInputStream in) throws IOException {
        return new SessionImage(
                in.readUTF(),
                bytes(in),
                bytes(in),
                in.readLong(),
                in.readInt(),
                in.readBoolean(),
                in.readBoolean(),
                in.readInt(),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                bytes(in),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                trips(in),
                in.readBoolean() ? screen(in) : null,
                in.readBoolean() ? server(in) : null,
                pipe(in));
    }

    private static SessionImage.@Nullable Pipe pipe(DataInputStream in) throws IOException {
        boolean piped = in.readBoolean();
        boolean answered = in.readBoolean();
        return piped ? new SessionImage.Pipe(answered) : null;
    }

    private static void trips(DataOutputStream out, Commands.Trips trips) throws IOException {
        out.writeInt(trips.asked());
        out.writeInt(trips.answered());
        out.writeLong(trips.lastNanos());
        out.writeLong(trips.worstNanos());
    }

    private static Commands.Trips trips(DataInputStream in) throws IOException {
        return new Commands.Trips(in.readInt(), in.readInt(), in.readLong(), in.readLong());
    }

    private static void screen(DataOutputStream out, SessionImage.Screen screen) throws IOException {
        out.writeInt(screen.icons().size());
        for (int icon : screen.icons()) {
            out.writeInt(icon);
        }
        out.writeUTF(screen.name());
        out.writeBoolean(screen.trade());
        out.writeBoolean(screen.storage());
        out.writeBoolean(screen.room());
        out.writeBoolean(screen.progress());
        out.writeBoolean(screen.altered());
        Integer dialog = screen.dialog();
        out.writeBoolean(dialog != null);
        out.writeInt(dialog == null ? 0 : dialog);
    }

    private static SessionImage.Screen screen(DataInputStream in) throws IOException {
        List<Integer> icons = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            icons.add(in.readInt());
        }
        String name = in.readUTF();
        boolean trade = in.readBoolean();
        boolean storage = in.readBoolean();
        boolean room = in.readBoolean();
        boolean progress = in.readBoolean();
        boolean altered = in.readBoolean();
        boolean isTalking = in.readBoolean();
        int dialog = in.readInt();
        return new SessionImage.Screen(icons, name, trade, storage, room, progress, altered, isTalking ? dialog : null);
    }

    private static void server(DataOutputStream out, SessionImage.Server server) throws IOException {
        Destination to = server.to();
        String address = to.owner().address();
        out.writeUTF(to.owner().id());
        out.writeBoolean(address != null);
        out.writeUTF(address == null ? "" : address);
        out.writeUTF(to.map().value());
        out.writeLong(to.epoch().value());
        out.writeInt(to.loginId1());
        out.writeLong(to.number());
        out.writeInt(to.x());
        out.writeInt(to.y());
        out.writeBoolean(server.open());
        out.writeBoolean(server.drawn());
        out.writeBoolean(server.settled());
        out.writeBoolean(server.farewell());
        out.writeBoolean(server.opaque());
        bytes(out, server.half());
    }

    private static SessionImage.Server server(DataInputStream in) throws IOException {
        String id = in.readUTF();
        boolean vps = in.readBoolean();
        String address = in.readUTF();
        Destination to = new Destination(
                vps ? Owner.vps(id, address) : Owner.host(HostId.of(id)),
                MapName.of(in.readUTF()),
                Epoch.of(in.readLong()),
                in.readInt(),
                in.readLong(),
                in.readInt(),
                in.readInt());
        return new SessionImage.Server(
                to,
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                bytes(in));
    }

    // ---- tunnels ----

    private static void tunnel(DataOutputStream out, TunnelImage image) throws IOException {
        out.writeUTF(image.host().value());
        InetSocketAddress peer = image.peer();
        bytes(out, peer == null ? Bytes.NONE : Bytes.of(peer.getAddress().getAddress()));
        out.writeInt(peer == null ? 0 : peer.getPort());
        out.writeInt(image.lanes().size());
        for (TunnelImage.Lane lane : image.lanes()) {
            out.writeBoolean(lane.leads());
            token(out, lane.tokens().given());
            token(out, lane.tokens().before());
            out.writeInt(lane.streams().lastId());
            out.writeInt(lane.streams().streams().size());
            for (StreamsImage.Stream stream : lane.streams().streams()) {
                stream(out, stream);
            }
        }
    }

    private static TunnelImage tunnel(DataInputStream in) throws IOException {
        HostId host = HostId.of(in.readUTF());
        Bytes address = bytes(in);
        int port = in.readInt();
        List<TunnelImage.Lane> lanes = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            boolean leads = in.readBoolean();
            Tokens tokens = new Tokens(token(in), token(in));
            int lastId = in.readInt();
            List<StreamsImage.Stream> streams = new ArrayList<>();
            for (int more = in.readInt(); more > 0; more--) {
                streams.add(stream(in));
            }
            lanes.add(new TunnelImage.Lane(leads, tokens, new StreamsImage(lastId, streams)));
        }
        @Nullable
        InetSocketAddress peer =
                address.isEmpty() ? null : new InetSocketAddress(InetAddress.getByAddress(address.toArray()), port);
        return new TunnelImage(host, peer, lanes);
    }

    private static void token(DataOutputStream out, ResumeToken token) throws IOException {
        out.writeLong(token.high());
        out.writeLong(token.low());
    }

    private static ResumeToken token(DataInputStream in) throws IOException {
        return new ResumeToken(in.readLong(), in.readLong());
    }

    private static void stream(DataOutputStream out, StreamsImage.Stream stream) throws IOException {
        out.writeInt(stream.name());
        out.writeInt(stream.id());
        out.writeUTF(stream.map().value());
        out.writeLong(stream.epoch().value());
        out.writeInt(stream.source());
        out.writeInt(stream.sendWindow());
        out.writeLong(stream.sent());
        out.writeLong(stream.received());
        out.writeInt(stream.unacknowledged().size());
        for (Bytes frame : stream.unacknowledged()) {
            bytes(out, frame);
        }
        bytes(out, stream.queued());
    }

    private static StreamsImage.Stream stream(DataInputStream in) throws IOException {
        int name = in.readInt();
        int id = in.readInt();
        MapName map = MapName.of(in.readUTF());
        Epoch epoch = Epoch.of(in.readLong());
        int source = in.readInt();
        int sendWindow = in.readInt();
        long sent = in.readLong();
        long received = in.readLong();
        List<Bytes> unacknowledged = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            unacknowledged.add(bytes(in));
        }
        return new StreamsImage.Stream(
                name, id, map, epoch, source, sendWindow, sent, received, unacknowledged, bytes(in));
    }

    private static void bytes(DataOutputStream out, Bytes bytes) throws IOException {
        out.writeInt(bytes.length());
        out.write(bytes.toArray());
    }

    private static Bytes bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("bytes: " + length + " (expected: 0 to " + in.available() + ")");
        }
        return Bytes.of(in.readNBytes(length));
    }
}
