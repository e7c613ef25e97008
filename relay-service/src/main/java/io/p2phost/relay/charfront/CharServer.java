package io.p2phost.relay.charfront;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.p2phost.links.net.AutoReadGate;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.Dialer;
import io.p2phost.relay.charfront.CharFrontMetrics.Refused;
import io.p2phost.relay.front.SourceAddresses;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The char-server behind the relay. On loopback it sees each account at an address of its own, the one that map-servers see;
 * elsewhere it sees the relay's.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a timer that fails has nothing to tell
final class CharServer {
    /** A char-server that says nothing holds up those who wait for it no longer than this. */
    private static final Duration FIRST_WORD = Duration.ofMillis(500);

    private final String host;
    private final int port;
    private final Dialer dialer;
    private final SourceAddresses sources;
    private final DialPlaces places = new DialPlaces();

    /** @param address {@code host:port} */
    CharServer(String address, Dialer dialer, SourceAddresses sources) {
        int colon = address.lastIndexOf(':');
        this.host = address.substring(0, colon);
        this.port = Integer.parseInt(address.substring(colon + 1));
        this.dialer = dialer;
        this.sources = sources;
    }

    /** How clients get there. */
    @FunctionalInterface
    interface Way {
        /** Connects for that account. */
        Attempt connect(EventLoop loop, int account, Connected outcome);
    }

    /** What becomes of a connection; on the loop that it was asked for. */
    interface Connected {
        /** It stands; reading has not begun. */
        void connected(Channel channel);

        void failed(Refused why);
    }

    /** On its way there; on the loop that it was asked for. */
    interface Attempt {
        /** The char-server has said something: the next one may connect. */
        void spoke();

        /** Nobody waits for the outcome any more. */
        void giveUp();
    }

    /** Connects for that account. */
    Attempt connect(EventLoop loop, int account, Connected outcome) {
        Connecting attempt = new Connecting(loop, account, outcome);
        if (!places.take(this, () -> loop.execute(attempt::go))) {
            loop.execute(() -> attempt.fail(Refused.QUEUE_FULL));
        }
        return attempt;
    }

    private final class Connecting implements Attempt, Dialer.Dialed {
        private final EventLoop loop;
        private final int account;
        private final Connected outcome;
        private final AtomicBoolean placeGiven = new AtomicBoolean(true);
        private boolean givenUp;
        private @Nullable Channel channel;

        Connecting(EventLoop loop, int account, Connected outcome) {
            this.loop = loop;
            this.account = account;
            this.outcome = outcome;
        }

        void go() {
            placeGiven.set(false);
            if (givenUp) {
                giveBack();
            } else if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
                dial(new InetSocketAddress(host, port));
            } else {
                // Looking a name up blocks, and nothing may block the loop that moves everybody's bytes.
                Thread.ofVirtual().name("look up " + host).start(() -> {
                    InetSocketAddress found = new InetSocketAddress(host, port);
                    loop.execute(() -> dial(found));
                });
            }
        }

        private void dial(InetSocketAddress address) {
            if (givenUp) {
                giveBack();
            } else if (address.isUnresolved()) {
                fail(Refused.UNREACHABLE);
            } else {
                Channel dialled = dialer.dial(loop, address, sources.of(account), this);
                if (dialer.readsOn()) {
                    dialled.pipeline().addLast(new AutoReadGate());
                }
                channel = dialled;
            }
        }

        @Override
        public void connected() {
            Channel made = channel;
            if (made == null) {
                return;
            }
            if (givenUp) {
                made.close();
                giveBack();
            } else {
                loop.schedule(this::giveBack, FIRST_WORD.toNanos(), TimeUnit.NANOSECONDS);
                outcome.connected(made);
            }
        }

        @Override
        public void failed(Throwable cause) {
            fail(Refused.UNREACHABLE);
        }

        void fail(Refused why) {
            giveBack();
            if (!givenUp) {
                outcome.failed(why);
            }
        }

        @Override
        public void spoke() {
            giveBack();
        }

        @Override
        public void giveUp() {
            givenUp = true;
        }

        private void giveBack() {
            if (placeGiven.compareAndSet(false, true)) {
                places.giveBack(CharServer.this);
            }
        }
    }
}
