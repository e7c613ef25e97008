package io.p2phost.relay.player;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A client whose stream nobody here can read, because a client protector encrypts it: its bytes go to the VPS's reserve and
 * back as they are, and there he stays. Who he is, the reserve finds out.
 */
final class ProtectedPipe implements ServerLink.Events {
    private final ClientLink client;
    private final Runnable readsOn;
    private final Runnable ended;
    private @Nullable ServerLink link;
    private @Nullable ByteBuf first;
    private @Nullable Runnable giveUp;
    private boolean answered;
    private boolean over;

    /**
     * For a client that has sent its first bytes.
     *
     * @param readsOn runs when the client may be read again
     * @param ended runs once, when the map-server cannot be reached or its connection is over
     */
    ProtectedPipe(ClientLink client, Runnable readsOn, Runnable ended) {
        this.client = client;
        this.readsOn = readsOn;
        this.ended = ended;
    }

    /** Connects; the client is not read meanwhile, and {@code received} is passed first. */
    void start(ByteBuf received, MapServers servers, Loop loop, Destination reserve) {
        first = received;
        client.reading(false);
        // Who he is is not known: scripts that go by address see that of his machine.
        giveUp = servers.dial(loop, reserve, client.address().hashCode(), this);
    }

    // ---- from one process to the next ----

    /** Whether it is in the middle of nothing: another process could go on with it. */
    boolean isSettled() {
        return link != null && first == null && !over;
    }

    SessionImage.Pipe image() {
        return new SessionImage.Pipe(answered);
    }

    @Nullable
    ServerLink link() {
        return link;
    }

    /** Another process had it until now. */
    void goOnFrom(SessionImage.Pipe image, ServerLink standing) {
        link = standing;
        answered = image.answered();
        if (answered) {
            client.inGame();
        }
    }

    /** Another process has it from now on. */
    void abandon() {
        over = true;
        if (link != null) {
            link.abandon();
            link = null;
        }
    }

    /** Bytes of the client; owns the buffer. */
    void fromClient(ByteBuf bytes) {
        if (link == null || over) {
            bytes.release();
            return;
        }
        link.send(bytes);
        if (!link.isWritable()) {
            client.reading(false);
        }
    }

    void clientWritable() {
        if (link != null) {
            link.reading(true);
        }
    }

    /** Whether the client may be read: the map-server takes more. */
    boolean isWritable() {
        return link != null && link.isWritable();
    }

    void close() {
        over = true;
        if (first != null) {
            first.release();
            first = null;
        }
        if (link != null) {
            link.close();
        } else if (giveUp != null) {
            giveUp.run();
        }
    }

    @Override
    public void connected(ServerLink made) {
        link = made;
        if (over || first == null) {
            made.close();
            return;
        }
        ByteBuf bytes = first;
        first = null;
        readsOn.run();
        fromClient(bytes);
    }

    @Override
    public void failed(String why) {
        end();
    }

    @Override
    public void received(ByteBuf bytes) {
        if (!answered) {
            answered = true;
            client.inGame();
        }
        client.write(bytes);
        client.flush();
        if (!client.isWritable() && link != null) {
            link.reading(false);
        }
    }

    @Override
    public void writable() {
        if (!over) {
            readsOn.run();
        }
    }

    @Override
    public void ended() {
        end();
    }

    private void end() {
        if (!over) {
            ended.run();
        }
    }
}
