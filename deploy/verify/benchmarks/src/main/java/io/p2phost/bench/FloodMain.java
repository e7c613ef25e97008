package io.p2phost.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Somebody who connects as often as he can, from 100 addresses, and goes at once: in a process of its own, which prints
 * what it did when its input ends.
 */
final class FloodMain {
    static final int ADDRESSES = 100;
    private static final int AT_ONCE = 64;

    private FloodMain() {}

    /** The port. */
    public static void main(String[] args) throws Exception {
        InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // It is to go on.
                }
            } catch (IOException e) {
                // Nobody says any more.
            }
            System.exit(0);
        });
        long made = 0;
        long start = System.nanoTime();
        try (Selector selector = Selector.open()) {
            int open = 0;
            long next = 0;
            while (true) {
                for (; open < AT_ONCE; open++) {
                    connect(selector, to, next++);
                }
                selector.select(10);
                for (SelectionKey key : selector.selectedKeys()) {
                    open--;
                    made += finish((SocketChannel) key.channel()) ? 1 : 0;
                }
                selector.selectedKeys().clear();
                long now = System.nanoTime();
                if (now - start > 1_000_000_000L) {
                    System.out.println(made);
                    start = now;
                    made = 0;
                }
            }
        }
    }

    private static void connect(Selector selector, InetSocketAddress to, long number) throws IOException {
        SocketChannel channel = SocketChannel.open();
        // Reset at the end: nothing of it stays in either kernel table.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.bind(new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 1, 0, (byte) (1 + number % ADDRESSES)}), 0));
        channel.configureBlocking(false);
        channel.connect(to);
        channel.register(selector, SelectionKey.OP_CONNECT);
    }

    private static boolean finish(SocketChannel channel) throws IOException {
        try {
            return channel.finishConnect();
        } catch (IOException e) {
            return false;
        } finally {
            channel.close();
        }
    }
}
