package io.p2phost.agent.cell;

import io.p2phost.agent.Time;
import io.p2phost.agent.serving.Cells;
import io.p2phost.agent.serving.LocalServer;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the bundle's map-server, one process per map, each from the bundle that was current when it started. Whoever carries the map starts it again when it ended; one that ends
 * again and again is left alone for some minutes. Thread-safe.
 */
public final class CellHouse implements Cells, AutoCloseable {
    /** So many ends that nobody asked for within {@link #WINDOW} are enough. */
    static final int CRASHES = 5;

    static final Duration WINDOW = Duration.ofMinutes(5);

    /** To a map-server that may end by itself. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration GONE = Duration.ofSeconds(3);
    private static final Logger log = LoggerFactory.getLogger(CellHouse.class);
    private static final String LOOPBACK = "127.0.0.1";

    private final BundleSupply supply;
    private final Path folder;
    private final Confinement confinement;
    private final Database database;
    private final Launcher launcher;
    private final PidFiles pids;
    private final Time time;
    private final Duration toOpenItsPort;
    private final Map<MapName, Place> places = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Where cells find their database. */
    record Database(int port, String password) {}

    /** A map's place: at most one process at a time. */
    private static final class Place {
        private @Nullable RunningCell cell;
        private int mapPort;
        private final Deque<Instant> crashes = new ArrayDeque<>();
        private String lastCrash = "";
    }

    CellHouse(
            BundleSupply supply,
            Path folder,
            Confinement confinement,
            Database database,
            Launcher launcher,
            Time time,
            Duration toOpenItsPort) {
        this.supply = supply;
        this.folder = folder;
        this.confinement = confinement;
        this.database = database;
        this.launcher = launcher;
        this.pids = new PidFiles(folder);
        this.time = time;
        this.toOpenItsPort = toOpenItsPort;
    }

    /**
     * The house of a running agent.
     *
     * @param folder for the cells' working folders; exists
     */
    public static CellHouse open(BundleSupply supply, Path folder, Confinement confinement, ScratchSql sql, Time time) {
        return new CellHouse(
                supply,
                folder,
                confinement,
                new Database(sql.port(), sql.password()),
                new OsLauncher(),
                time,
                Duration.ofSeconds(20));
    }

    @Override
    public boolean runs(MapName map) {
        return supply.bundle().maps().containsKey(map);
    }

    @Override
    public String why(MapName map) {
        return "not in bundle " + supply.bundle().version();
    }

    @Override
    public Cell start(MapName map, String charServer, Runnable ended) throws IOException {
        int charPort = Integer.parseInt(charServer.substring(charServer.lastIndexOf(':') + 1));
        Place place = places.computeIfAbsent(map, any -> new Place());
        synchronized (place) {
            endEarlier(map, place);
            refuseCrashLoop(map, place);
            long began = time.nanos();
            Bundle bundle = supply.verified();
            List<String> scripts = bundle.maps().get(map);
            if (scripts == null) {
                throw new IOException("not in bundle " + bundle.version());
            }
            CellFolder cellFolder = new CellFolder(folder.resolve(map.value()));
            place.mapPort = usablePort(place.mapPort);
            cellFolder.prepare(
                    bundle,
                    new CellFolder.Values(map, place.mapPort, charPort, database.port(), database.password(), scripts));
            RunningCell cell = new RunningCell(map, place, place.mapPort, ended, began, cellFolder.path());
            cell.launch(bundle, cellFolder);
            place.cell = cell;
            if (closed) {
                cell.stop(true);
                throw new IOException("the agent ends");
            }
            return cell;
        }
    }

    private void endEarlier(MapName map, Place place) throws IOException {
        RunningCell earlier = place.cell;
        if (earlier == null) {
            return;
        }
        earlier.stop(true);
        if (!earlier.awaitEnd(GONE)) {
            throw new IOException("the earlier map-server of " + map + " does not end");
        }
        place.cell = null;
    }

    private void refuseCrashLoop(MapName map, Place place) throws IOException {
        synchronized (place.crashes) {
            if (place.crashes.size() >= CRASHES) {
                Instant until = place.crashes.getFirst().plus(WINDOW);
                if (time.instant().isBefore(until)) {
                    throw new IOException("the map-server of " + map + " ended " + CRASHES + " times within "
                            + WINDOW.toMinutes() + " minutes, last: " + place.lastCrash + "; not started before "
                            + until.truncatedTo(ChronoUnit.SECONDS));
                }
                place.crashes.clear();
            }
        }
    }

    private void crashed(Place place, String how) {
        synchronized (place.crashes) {
            Instant now = time.instant();
            while (!place.crashes.isEmpty()
                    && place.crashes.getFirst().plus(WINDOW).isBefore(now)) {
                place.crashes.removeFirst();
            }
            if (place.crashes.size() < CRASHES) {
                place.crashes.addLast(now);
            }
            place.lastCrash = how;
        }
    }

    /** The one it had, so that what still knows it stays right; another if somebody took it. */
    private static int usablePort(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), port));
            return socket.getLocalPort();
        } catch (IOException e) {
            if (port == 0) {
                throw e;
            }
            return usablePort(0);
        }
    }

    /** Kills every cell, and waits until they are gone. */
    @Override
    public void close() {
        closed = true;
        places.values().forEach(place -> {
            RunningCell cell = place.cell;
            if (cell != null) {
                cell.stop(true);
            }
        });
        places.values().forEach(place -> {
            RunningCell cell = place.cell;
            if (cell != null) {
                cell.awaitEnd(GONE);
            }
        });
    }

    private final class RunningCell implements Cell {
        private final MapName map;
        private final Place place;
        private final LocalServer server;
        private final Runnable ended;
        private final long began;
        private final CellLog output;
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile @Nullable String end;
        private volatile @Nullable String killedFor;
        private volatile boolean asked;
        private volatile Launcher.@Nullable Running process;

        RunningCell(MapName map, Place place, int port, Runnable ended, long began, Path cellFolder) {
            this.map = map;
            this.place = place;
            this.server = new LocalServer(map, LOOPBACK, port);
            this.ended = ended;
            this.began = began;
            this.output = new CellLog(cellFolder.resolve(CellFolder.LOG).resolve("cell.log"));
        }

        void launch(Bundle bundle, CellFolder cellFolder) throws IOException {
            Launcher.Running started = launcher.start(
                    new Launcher.Command(
                            confinement.wrap(bundle.directory(), cellFolder.path(), cellFolder.command()),
                            cellFolder.path(),
                            Map.of()),
                    output,
                    this::ended);
            process = started;
            pids.write(map.value(), started.pid());
            if (end != null) {
                pids.remove(map.value());
            }
            log.info("{}: map-server started, process {}, port {}", map, started.pid(), server.port());
            Thread.ofVirtual().name("watch-" + map).start(this::watchPort);
        }

        /** A map-server that does not come as far as its port would be waited for for ever. */
        private void watchPort() {
            long until = System.nanoTime() + toOpenItsPort.toNanos();
            try {
                while (!over.await(50, TimeUnit.MILLISECONDS)) {
                    if (listens()) {
                        log.info(
                                "{}: map-server listens, {} ms after its start",
                                map,
                                (time.nanos() - began) / 1_000_000);
                        return;
                    }
                    if (System.nanoTime() - until > 0) {
                        killedFor = "its port was not open after " + toOpenItsPort.toSeconds() + " s";
                        kill();
                        return;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean listens() {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(server.host(), server.port()), 1000);
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        private void ended(int code) {
            String words = output.lastWords();
            String why = killedFor;
            String how =
                    "the map-server ended, " + (why != null ? why : exit(code)) + (words.isEmpty() ? "" : ": " + words);
            end = how;
            over.countDown();
            pids.remove(map.value());
            if (asked) {
                log.info("{}: map-server ended", map);
            } else {
                log.warn("{}: {}", map, how);
                crashed(place, how);
            }
            ended.run();
        }

        private static String exit(int code) {
            return code > 128 ? "signal " + (code - 128) : "exit code " + code;
        }

        @Override
        public LocalServer server() {
            return server;
        }

        @Override
        public Optional<String> end() {
            return Optional.ofNullable(end);
        }

        @Override
        public void stop(boolean atOnce) {
            asked = true;
            Launcher.Running running = process;
            if (running == null || end != null) {
                return;
            }
            if (atOnce) {
                running.kill();
                return;
            }
            running.terminate();
            Thread.ofVirtual().name("end-" + map).start(() -> {
                if (!awaitEnd(GRACE)) {
                    running.kill();
                }
            });
        }

        private void kill() {
            Launcher.Running running = process;
            if (running != null) {
                running.kill();
            }
        }

        boolean awaitEnd(Duration most) {
            try {
                return over.await(most.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Makes the folder for cells; nobody else of this machine looks into it. */
    public static Path makeFolder(Path folder) throws IOException {
        return Files.createDirectories(folder).toRealPath();
    }
}
