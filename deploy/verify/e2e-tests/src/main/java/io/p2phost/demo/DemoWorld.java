package io.p2phost.demo;

import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The demo's world: small maps of the suite's own in a row, each with a portal to its neighbours.
 *
 * @param city never hosted, leftmost
 * @param hosted may be hosted, and have Porings; two at least
 */
record DemoWorld(String city, List<String> hosted) implements Ways {
    private static final int SIZE = 40;
    private static final int ROW = 20;
    private static final int LEFT = 2;
    private static final int RIGHT = SIZE - 3;
    /** Where one stands who came through a portal: beside it, not on it. */
    private static final int BESIDE = 6;
    /** Further than the portal reaches. */
    private static final int STEP_OFF = 5;

    private static final int JELLOPY = 909;
    private static final SimWorld.Monster PORING =
            new SimWorld.Monster(1002, "Poring", 50, 2, 1, List.of(new SimWorld.Drop(JELLOPY, 7_000)));
    private static final SimWorld.Spawn PORINGS = new SimWorld.Spawn(PORING, 12, Duration.ofSeconds(5));

    DemoWorld {
        hosted = List.copyOf(hosted);
    }

    String first() {
        return hosted.get(0);
    }

    String second() {
        return hosted.get(1);
    }

    /** All maps, from left to right. */
    List<String> maps() {
        return Stream.concat(Stream.of(city), hosted.stream()).toList();
    }

    /** The hosted ones as one word. */
    String hostedInOneWord() {
        return String.join(",", hosted);
    }

    /** From {@link #hostedInOneWord()}. */
    static DemoWorld of(String city, String hostedInOneWord) {
        return new DemoWorld(city, List.of(hostedInOneWord.split(",")));
    }

    SimWorld simulated() {
        List<String> maps = maps();
        List<SimWorld.MapPlan> plans = new ArrayList<>();
        for (int i = 0; i < maps.size(); i++) {
            List<SimWorld.Portal> portals = new ArrayList<>();
            if (i > 0) {
                portals.add(new SimWorld.Portal(LEFT, ROW, new Point(maps.get(i - 1), RIGHT - BESIDE, ROW)));
            }
            if (i + 1 < maps.size()) {
                portals.add(new SimWorld.Portal(RIGHT, ROW, new Point(maps.get(i + 1), LEFT + BESIDE, ROW)));
            }
            plans.add(new SimWorld.MapPlan(maps.get(i), SIZE, SIZE, portals, i == 0 ? List.of() : List.of(PORINGS)));
        }
        return new SimWorld(plans);
    }

    /** A cell in the middle of the map. */
    Point middle(String map) {
        return new Point(map, SIZE / 2, ROW);
    }

    @Override
    public Point portal(String from, String to) {
        return new Point(from, maps().indexOf(to) < maps().indexOf(from) ? LEFT : RIGHT, ROW);
    }

    @Override
    public Point beside(String from, String to) {
        Point portal = portal(from, to);
        return new Point(from, portal.x() + (portal.x() < SIZE / 2 ? STEP_OFF : -STEP_OFF), portal.y());
    }

    /** Whether the way to this cell could lead over a portal. */
    static boolean isNearPortal(Point cell) {
        return cell.x() < LEFT + BESIDE / 2 || cell.x() > RIGHT - BESIDE / 2;
    }
}
