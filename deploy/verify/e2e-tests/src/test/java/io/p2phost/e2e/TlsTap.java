package io.p2phost.e2e;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A wire that is looked at: it passes on what goes between hosts and one port of the suite, and reads it as TLS records.
 * Whatever is not TLS 1.3 with AES-256-GCM is a fault.
 */
final class TlsTap implements AutoCloseable {
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_HELLO = 2;
    private static final int TLS_1_3 = 0x0304;
    private static final int AES_256_GCM_SHA384 = 0x1302;
    private static final int SUPPORTED_VERSIONS = 43;
    /** 2^14 and what encryption adds to it (RFC 8446, 5.2). */
    private static final int MOST_IN_A_RECORD = 16_384 + 256;

    private static final int MAX_FAULTS = 20;

    private final ServerSocket door;
    private final InetSocketAddress to;
    private final boolean looks;
    private final Map<Socket, Boolean> open = new ConcurrentHashMap<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicInteger agreed = new AtomicInteger();
    private final AtomicLong encrypted = new AtomicLong();

    private TlsTap(ServerSocket door, InetSocketAddress to, boolean looks) {
        this.door = door;
        this.to = to;
        this.looks = looks;
    }

    /** Listens at one address and passes on to the other. */
    static TlsTap between(InetSocketAddress at, InetSocketAddress to) throws IOException {
        return start(at, to, true);
    }

    /** The same for what is not meant to be TLS: it is passed on only. */
    static TlsTap unlooked(InetSocketAddress at, InetSocketAddress to) throws IOException {
        return start(at, to, false);
    }

    private static TlsTap start(InetSocketAddress at, InetSocketAddress to, boolean looks) throws IOException {
        ServerSocket door = new ServerSocket();
        door.bind(at, 100);
        TlsTap tap = new TlsTap(door, to, looks);
        Thread.ofVirtual().name("tls-tap").start(tap::accept);
        return tap;
    }

    /** What was seen and is not TLS 1.3 with AES-256-GCM; the first few. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Connections whose two sides agreed on it. */
    int agreed() {
        return agreed.get();
    }

    /** Bytes of encrypted records, both ways. */
    long encrypted() {
        return encrypted.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket host = door.accept();
                Thread.ofVirtual().start(() -> join(host));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void join(Socket host) {
        try (host;
                Socket suite = new Socket()) {
            open.put(host, true);
            open.put(suite, true);
            suite.connect(to, 5_000);
            host.setTcpNoDelay(true);
            suite.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> pass(suite, host, SERVER_HELLO));
            pass(host, suite, CLIENT_HELLO);
            back.join();
        } catch (IOException e) {
            // The suite does not listen just now; the host tries again.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(host);
        }
    }

    /** Record by record; a connection that ends within one was cut off, as kill -9 does. */
    private void pass(Socket from, Socket into, int hello) {
        try (DataInputStream in = new DataInputStream(from.getInputStream())) {
            OutputStream out = into.getOutputStream();
            if (!looks) {
                in.transferTo(out);
                return;
            }
            boolean first = true;
            while (true) {
                byte[] head = in.readNBytes(5);
                if (head.length < 5) {
                    return;
                }
                ByteBuffer record = ByteBuffer.wrap(head);
                int type = record.get();
                int version = record.getShort() & 0xFFFF;
                int length = record.getShort() & 0xFFFF;
                if (version >> 8 != 3 || length > MOST_IN_A_RECORD) {
                    fault("no TLS record: type " + type + ", version " + version + ", length " + length);
                    out.write(head);
                    in.transferTo(out);
                    return;
                }
                byte[] body = new byte[length];
                in.readFully(body);
                look(type, body, first ? hello : 0);
                first = false;
                out.write(head);
                out.write(body);
            }
        } catch (EOFException | SocketException e) {
            // Cut off.
        } catch (IOException e) {
            fault(e.toString());
        } finally {
            shut(from);
            shut(into);
            open.remove(into);
        }
    }

    private void look(int type, byte[] body, int hello) {
        if (hello != 0) {
            if (type != HANDSHAKE || body.length == 0 || body[0] != hello) {
                fault("the first record is of type " + type + " (expected: the hello " + hello + ")");
            } else if (hello == SERVER_HELLO) {
                serverHello(ByteBuffer.wrap(body));
            }
        } else if (type == APPLICATION_DATA) {
            encrypted.addAndGet(body.length);
        } else if (type != CHANGE_CIPHER_SPEC || body.length != 1) {
            // In TLS 1.3 alerts and the rest of the handshake are encrypted too: their records say that they are data.
            fault("record of type " + type + " with " + body.length + " bytes after the hello");
        }
    }

    private void serverHello(ByteBuffer hello) {
        hello.position(4 + 2 + 32);
        hello.position(hello.position() + 1 + hello.get(hello.position()));
        int suite = hello.getShort() & 0xFFFF;
        hello.get();
        int version = 0;
        ByteBuffer extensions = hello.slice(hello.position() + 2, hello.getShort(hello.position()) & 0xFFFF);
        while (extensions.hasRemaining()) {
            int extension = extensions.getShort() & 0xFFFF;
            int length = extensions.getShort() & 0xFFFF;
            if (extension == SUPPORTED_VERSIONS) {
                version = extensions.getShort(extensions.position()) & 0xFFFF;
            }
            extensions.position(extensions.position() + length);
        }
        if (suite == AES_256_GCM_SHA384 && version == TLS_1_3) {
            agreed.incrementAndGet();
        } else {
            fault("agreed on suite %04x, version %04x (expected: 1302, 0304)".formatted(suite, version));
        }
    }

    private void fault(String what) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(what);
        }
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed then.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        open.keySet().forEach(TlsTap::shut);
    }
}
