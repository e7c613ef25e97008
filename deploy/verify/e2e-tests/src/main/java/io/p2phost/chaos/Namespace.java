package io.p2phost.chaos;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * A network of its own (Linux), with nothing but a loopback interface: what runs in it reaches only the doors that are
 * opened in it from outside.
 */
public final class Namespace implements AutoCloseable {
    private static final String FOLDER = "/run/netns/";
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int READ_ONLY = 0;
    private static final int CLOSE_ON_EXEC = 0x80000;

    private static final Linker linker = Linker.nativeLinker();
    private static final StructLayout errors = Linker.Option.captureStateLayout();
    private static final VarHandle errno = errors.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    /** Makes a new one. */
    public static Namespace open(String name) throws IOException, InterruptedException {
        ip("netns", "add", name);
        Namespace namespace = new Namespace(name);
        try {
            ip("netns", "exec", name, "ip", "link", "set", "lo", "up");
            return namespace;
        } catch (IOException | InterruptedException e) {
            namespace.close();
            throw e;
        }
    }

    /** Why there can be none here, in one sentence; empty when there can. */
    public static Optional<String> whyNot() throws InterruptedException {
        String name = "p2p-try-" + ProcessHandle.current().pid();
        try (Namespace tried = open(name);
                ServerSocketChannel door = tried.door("127.0.0.1", 0)) {
            return door.isOpen() ? Optional.empty() : Optional.of("a door in a network namespace is closed at once");
        } catch (IOException e) {
            return Optional.of("network namespaces cannot be made here: " + e.getMessage()
                    + " (expected: Linux, root, the program ip of iproute2)");
        }
    }

    /** Words before a command that runs it in here. */
    public List<String> words() {
        return List.of("ip", "netns", "exec", name);
    }

    /** Listens in here, for this process, which stays where it is. */
    public ServerSocketChannel door(String address, int port) throws IOException {
        FutureTask<ServerSocketChannel> opened = new FutureTask<>(() -> {
            enter();
            ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.INET);
            return door.bind(new InetSocketAddress(Inet4Address.ofLiteral(address), port));
        });
        // A thread of the system for this alone: it never comes back.
        Thread thread = Thread.ofPlatform().name("into-" + name).start(opened);
        try {
            thread.join();
            return opened.get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "no door at " + address + ":" + port + " in " + name + ": "
                            + (e.getCause() == null ? e : e.getCause()).getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void enter() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(errors);
            MethodHandle open = function(
                    "open",
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
            MethodHandle setns = function(
                    "setns", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            MethodHandle close = function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int file = (int) open.invokeExact(state, arena.allocateFrom(FOLDER + name), READ_ONLY | CLOSE_ON_EXEC);
            if (file < 0) {
                throw new IOException("open " + FOLDER + name + ": error " + (int) errno.get(state, 0L));
            }
            int entered = (int) setns.invokeExact(state, file, CLONE_NEWNET);
            int why = (int) errno.get(state, 0L);
            int closed = (int) close.invokeExact(state, file);
            if (entered != 0 || closed != 0) {
                throw new IOException("setns " + name + ": error " + why);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("a namespace cannot be entered: " + e, e);
        }
    }

    /** Java has no other way into a namespace. */
    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        all[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(options, 0, all, 1, options.length);
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, all);
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Stream.concat(Stream.of("ip"), Arrays.stream(words)).toList())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("ip " + String.join(" ", words) + ": "
                    + said.lines().findFirst().orElse("exit code " + code));
        }
    }

    @Override
    public void close() {
        try {
            ip("netns", "del", name);
        } catch (IOException e) {
            System.err.println(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
