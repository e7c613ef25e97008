package io.p2phost.demo;

import io.p2phost.ro.sim.Point;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The portals of an rAthena tree, as its scripts say: {@code prt_fild08,16,187,0 warp name 3,17,prt_fild07,380,186}. */
record Warps(List<Warp> all) {
    private static final Pattern LINE =
            Pattern.compile("^(\\w+),(\\d+),(\\d+),\\d+\\twarp2?\\t[^\\t]*\\t(\\d+),(\\d+),(\\w+),(\\d+),(\\d+)");

    /** So far one walks in a straight line without looking where the walls are. */
    private static final int NEAR = 8;

    Warps {
        all = List.copyOf(all);
    }

    /**
     * A portal.
     *
     * @param at its middle
     * @param spanX cells to either side
     * @param spanY cells to either side
     * @param to where one arrives
     */
    record Warp(Point at, int spanX, int spanY, Point to) {
        /** Its cell nearest to another one of the same map. */
        Point nearest(Point cell) {
            return new Point(
                    at.map(),
                    Math.clamp(cell.x(), at.x() - spanX, at.x() + spanX),
                    Math.clamp(cell.y(), at.y() - spanY, at.y() + spanY));
        }
    }

    /** Two maps and the portals between them, each of which stands near the place where one comes out of the other. */
    record Doors(Warp there, Warp back) implements Ways {
        String first() {
            return there.at().map();
        }

        String second() {
            return back.at().map();
        }

        @Override
        public Point portal(String from, String to) {
            return from(from).nearest(beside(from, to));
        }

        @Override
        public Point beside(String from, String to) {
            return from.equals(first()) ? back.to() : there.to();
        }

        private Warp from(String map) {
            return map.equals(first()) ? there : back;
        }
    }

    /**
     * All of them.
     *
     * @param tree the folder with {@code npc}
     * @param mode {@code re} or {@code pre-re}
     */
    static Warps read(Path tree, String mode) throws IOException {
        List<Warp> warps = new ArrayList<>();
        for (Path folder : List.of(
                tree.resolve("npc/warps"), tree.resolve("npc").resolve(mode).resolve("warps"))) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.filter(each -> each.toString().endsWith(".txt"))
                            .sorted()
                            .toList()) {
                        warps.addAll(of(Files.readAllLines(file, StandardCharsets.ISO_8859_1)));
                    }
                }
            }
        }
        return new Warps(warps);
    }

    /** Those in these lines of a script. */
    static List<Warp> of(List<String> lines) {
        List<Warp> warps = new ArrayList<>();
        for (String line : lines) {
            Matcher warp = LINE.matcher(line);
            if (warp.find()) {
                warps.add(new Warp(
                        new Point(warp.group(1), number(warp, 2), number(warp, 3)),
                        number(warp, 4),
                        number(warp, 5),
                        new Point(warp.group(6), number(warp, 7), number(warp, 8))));
            }
        }
        return warps;
    }

    private static int number(Matcher warp, int group) {
        return Integer.parseInt(warp.group(group));
    }

    /** Pairs of these maps with portals to each other, by name. */
    List<Doors> between(Set<String> maps) {
        List<Doors> doors = new ArrayList<>();
        for (Warp there : all) {
            for (Warp back : all) {
                boolean pair = there.at().map().compareTo(back.at().map()) < 0
                        && maps.contains(there.at().map())
                        && maps.contains(back.at().map())
                        && there.to().map().equals(back.at().map())
                        && back.to().map().equals(there.at().map());
                if (pair && isNear(back, there.to()) && isNear(there, back.to())) {
                    doors.add(new Doors(there, back));
                }
            }
        }
        return doors.stream()
                .sorted(Comparator.comparing(Doors::first).thenComparing(Doors::second))
                .toList();
    }

    /** Beside it: not in it, nor far. */
    private static boolean isNear(Warp warp, Point cell) {
        Point nearest = warp.nearest(cell);
        int distance = Math.max(Math.abs(nearest.x() - cell.x()), Math.abs(nearest.y() - cell.y()));
        return distance > 0 && distance <= NEAR;
    }
}
