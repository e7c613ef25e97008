package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.agent.Time;
import io.p2phost.agent.cell.Bundle;
import io.p2phost.agent.cell.BundleSupply;
import io.p2phost.agent.cell.CellHouse;
import io.p2phost.agent.cell.Confinement;
import io.p2phost.agent.cell.ScratchSql;
import io.p2phost.agent.serving.Cells.Cell;
import io.p2phost.bundles.BundleFolder;
import io.p2phost.contracts.MapName;
import io.p2phost.ro.sim.CharServerSettings;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.SimCharServerTcp;
import io.p2phost.ro.sim.SimDatabase;
import io.p2phost.ro.sim.SimLoginServer;
import io.p2phost.ro.sim.stock.StockMapServerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells of a real agent's part, without an agent: the char-server is beside them. */
class StandInBundleTest {
    private static final MapName MAP = MapName.of("prt_fild01");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** What every cell logs in with: the agent's side of the link does not look at it. */
    private static final String USER = "p2p-cell";

    private final DemoWorld world = DemoWorld.of("prontera", "prt_fild01,prt_fild02");
    private final Ports ports = new Ports();
    private final Endpoint charAt = ports.free("127.0.0.1");
    private final SimDatabase database = new SimDatabase();
    private final SimLoginServer loginServer = new SimLoginServer(Clock.systemUTC(), 1);

    @TempDir
    Path directory;

    private SimCharServerTcp charServer;
    private ScratchSql sql;
    private CellHouse house;

    @BeforeEach
    void start() throws IOException {
        charServer = new SimCharServerTcp(
                CharServerSettings.stock(USER, USER, charAt).withoutFloodLimit(),
                database,
                loginServer,
                ports.free("127.0.0.1"),
                SimCharServerTcp.STOCK_BACKLOG);
        sql = ScratchSql.open(2);
        StandInBundle.of(world, directory.resolve("bundle"));
        house = CellHouse.open(
                BundleSupply.fixed(Bundle.read(directory.resolve("bundle"))),
                CellHouse.makeFolder(directory.resolve("cells")),
                Confinement.detect(Confinement.forReal(), OptionalInt.empty(), 2, directory),
                sql,
                Time.system());
    }

    @AfterEach
    void stop() {
        house.close();
        sql.close();
        charServer.close();
    }

    private CellSaid said() {
        try {
            return CellSaid.of(directory, MAP.value());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Cell cell() throws IOException {
        return house.start(MAP, charAt.toString(), () -> {});
    }

    private Cell cell(String misdeed) throws IOException {
        Path order = directory.resolve("cells/prt_fild01").resolve(StandInBundle.MISDEEDS);
        Files.createDirectories(order.getParent());
        Files.writeString(order, misdeed);
        return cell();
    }

    @Test
    void everyByteOfItIsInItsManifest() throws IOException {
        Path bundle = directory.resolve("bundle");
        BundleFolder.verify(bundle, BundleFolder.manifest(bundle));
        assertThat(BundleFolder.manifest(bundle).maps().keySet())
                .extracting(MapName::value)
                .containsExactlyElementsOf(world.hosted());
    }

    @Test
    void cellOfItServesItsMapUntilItIsTold() throws Exception {
        Cell cell = cell();
        String place = cell.server().address();
        // Before that, whoever logs in is turned away, and the login-server has him online for half a minute.
        await().atMost(PATIENCE).until(() -> said().lines().contains(StockMapServerMain.ONLINE));
        int account = charServer.ask(any -> loginServer.createAccount("Ben", StandInMain.PASSWORD, 0, 0));
        int ben = charServer.ask(any -> database.createCharacter(account, "Ben", 0, 0, world.middle(MAP.value())));
        try (Player player = new Player("Ben", ben, charServer.loginEndpoint())) {
            await().atMost(PATIENCE).until(player::login);
            assertThat(player.server()).isEqualTo(place);
            await().atMost(PATIENCE).until(() -> said().plays("Ben"));
            await().atMost(PATIENCE).until(() -> player.prey().isPresent());

            cell.stop(false);

            await().atMost(PATIENCE).until(() -> cell.end().isPresent());
            await().atMost(PATIENCE).until(() -> !charServer.<Boolean>ask(any -> database.online(ben)));
        }
    }

    @Test
    void misdeedsAreThoseOfMapServersThatFail() throws Exception {
        Cell crashing = cell("crash");
        await().atMost(PATIENCE).until(() -> crashing.end().isPresent());
        assertThat(crashing.end()).contains("the map-server ended, exit code 3: [Fatal Error]: Told to crash.");

        Cell dying = cell("dies 1");
        await().atMost(PATIENCE).until(() -> dying.end().isPresent());
        assertThat(dying.end()).contains("the map-server ended, exit code 3: [Fatal Error]: Told to die.");

        OptionalLong before = said().process();
        Cell hanging = cell("hang");
        await().atMost(PATIENCE).until(() -> !said().process().equals(before));
        assertThat(Ports.isFree(Endpoint.of(hanging.server().address()))).isTrue();
        hanging.stop(true);
        await().atMost(PATIENCE).until(() -> hanging.end().isPresent());

        Cell slow = cell("slow 500");
        await().atMost(PATIENCE).until(() -> said().lines().getLast().contains("listening on port"));
        assertThat(slow.end()).isEmpty();
    }

    @Test
    void cellWithoutItsDatabaseDoesNotStart() throws Exception {
        sql.close();
        Cell cell = cell();
        await().atMost(PATIENCE).until(() -> cell.end().isPresent());
        assertThat(cell.end().orElseThrow()).contains("Couldn't connect with the database");
    }
}
