package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.inter.AuthRequest;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.OnlineUsers;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.WhisperDelivery;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A map-server as a stock one behaves: it connects anew a second after it lost its char-server, its players play on, and it
 * saves them. Much oftener than a stock one, so that it shows at once when saves go through again.
 */
final class TakeoverCell implements AutoCloseable {
    private static final long AFTER_LOSS_MILLIS = 1_000;
    private static final long SAVE_EVERY_MILLIS = 1_000;
    private static final long ANSWER_SECONDS = 30;

    private final String map;
    private final InetSocketAddress door;
    private final List<MemoryPlayer> players;
    private final Entrance entrance;
    /** What was saved last, and when. */
    private final Map<Integer, Saved> saved = new ConcurrentHashMap<>();

    private volatile boolean closed;
    private volatile boolean playing;
    private volatile @Nullable Throwable fault;
    private volatile @Nullable Socket socket;

    /** Lets a player in, and gives the session id with which his map-server asks for him. */
    interface Entrance {
        int enter(int account) throws Exception;
    }

    private record Saved(TakeoverCharServer.Save save, long at) {}

    TakeoverCell(int number, InetSocketAddress door, List<MemoryPlayer> players, Entrance entrance) {
        this.map = Hosting.map(number).value();
        this.door = door;
        this.players = players;
        this.entrance = entrance;
        Thread.ofVirtual().name("cell " + number).start(this::run);
    }

    /** Whether all its players are in; throws what ended it. */
    boolean isPlaying() throws IOException {
        Throwable cause = fault;
        if (cause != null) {
            throw new IOException("the cell of " + map + " failed: " + cause, cause);
        }
        return playing;
    }

    /** Saves of its players that were sent after that; the last of each only. */
    List<TakeoverCharServer.Save> savedAfter(long nanos) {
        return saved.values().stream()
                .filter(each -> each.at - nanos > 0)
                .map(Saved::save)
                .toList();
    }

    private void run() {
        boolean entered = false;
        while (!closed) {
            try (Socket link = new Socket(door.getAddress(), door.getPort())) {
                socket = link;
                link.setTcpNoDelay(true);
                BlockingQueue<Integer> answers = new ArrayBlockingQueue<>(64);
                Thread.ofVirtual().start(() -> read(link, answers));
                send(
                        link,
                        MapServerLogin.of(PassLoad.USER, PassLoad.PASSWORD, 0x7f00_0001, 5_121)
                                .packet());
                await(answers, CharToMap.LOGIN_ANSWER);
                send(link, MapList.of(List.of(map)).packet());
                await(answers, CharToMap.MAPS_ACCEPTED);
                if (!entered) {
                    for (MemoryPlayer player : players) {
                        come(link, player, answers);
                    }
                    entered = true;
                }
                send(
                        link,
                        OnlineUsers.of(players.stream()
                                        .map(player -> new OnlineUsers.Player(
                                                player.account(), MemoryPlayer.character(player.account())))
                                        .toList())
                                .packet());
                playing = true;
                save(link);
            } catch (IOException e) {
                if (!entered && !closed) {
                    fault = e;
                    return;
                }
                pause(AFTER_LOSS_MILLIS);
            } catch (Exception e) {
                fault = e;
                return;
            }
        }
    }

    private void come(Socket link, MemoryPlayer player, BlockingQueue<Integer> answers) throws Exception {
        int loginId = entrance.enter(player.account());
        send(
                link,
                AuthRequest.of(player.account(), MemoryPlayer.character(player.account()), loginId, 0, 0)
                        .packet());
        await(answers, CharToMap.AUTH_OK);
        for (Packet load : player.loads()) {
            send(link, load);
        }
        await(answers, CharToMap.STATUS_CHANGES);
    }

    private void save(Socket link) throws IOException {
        while (!closed) {
            for (MemoryPlayer player : players) {
                List<Packet> packets = new ArrayList<>();
                byte[] all = player.save();
                InterLengths.fromMapServer().feed(all, 0, all.length, packets::add);
                Packet record = packets.stream()
                        .filter(packet -> packet.id() == MapToChar.SAVE_CHARACTER)
                        .findFirst()
                        .orElseThrow();
                send(link, all);
                TakeoverCharServer.Save save = TakeoverCharServer.Save.of(
                        player.account(), new SaveCharacter(record).status(EngineAlone.LAYOUT));
                saved.put(player.account(), new Saved(save, System.nanoTime()));
            }
            pause(SAVE_EVERY_MILLIS);
            if (link.isClosed()) {
                throw new IOException("the connection was closed");
            }
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As a stock one: that it has done what came before is known by it. */
    private static void answer(Socket link, WhisperDelivery whisper) {
        try {
            send(link, whisper.answer(WhisperDelivery.NOT_HERE));
        } catch (IOException e) {
            // Whoever writes next notices it.
        }
    }

    private static void send(Socket link, Packet packet) throws IOException {
        send(link, packet.bytes());
    }

    private static void send(Socket link, byte[] bytes) throws IOException {
        synchronized (link) {
            link.getOutputStream().write(bytes);
        }
    }

    private static void await(BlockingQueue<Integer> answers, int id) throws IOException, InterruptedException {
        Integer answer = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
        if (answer == null || answer != id) {
            throw new IOException(String.format("answer %s (expected: %d)", answer, id));
        }
    }

    private static void read(Socket link, BlockingQueue<Integer> answers) {
        PacketFramer framer = InterLengths.fromCharServer();
        byte[] read = new byte[8_192];
        try {
            for (int count = link.getInputStream().read(read);
                    count >= 0;
                    count = link.getInputStream().read(read)) {
                framer.feed(read, 0, count, packet -> {
                    switch (packet.id()) {
                        case CharToMap.LOGIN_ANSWER,
                                CharToMap.MAPS_ACCEPTED,
                                CharToMap.AUTH_OK,
                                CharToMap.AUTH_REFUSED,
                                CharToMap.STATUS_CHANGES -> answers.offer(packet.id());
                        case CharToMap.WHISPER -> answer(link, new WhisperDelivery(packet));
                        default -> {
                            // Nobody waits for it.
                        }
                    }
                });
            }
            link.close();
        } catch (IOException e) {
            // Its other end notices it, too.
        } finally {
            answers.offer(0);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        Socket open = socket;
        if (open != null) {
            open.close();
        }
    }
}
