package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.demo.Warps.Doors;
import io.p2phost.ro.sim.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarpsTest {
    private static final List<String> SCRIPT = List.of(
            "// two fields side by side",
            "prt_fild07,385,186,0\twarp\tprtf15\t3,20,prt_fild08,20,186",
            "prt_fild08,16,187,0\twarp\tprtf15-1\t3,17,prt_fild07,380,186",
            "//prt_fild08,1,1,0\twarp\tno\t3,17,prt_fild07,380,186",
            "prt_fild08,170,378,0\twarp\tprtf004\t3,2,prontera,156,26",
            "prontera,156,22,0\twarp\tprt004\t3,2,prt_fild08,170,375",
            "prt_fild08,55,21,0\tscript\tnpc\t4,2,{",
            "far01,10,10,0\twarp\tout\t1,1,prt_fild08,55,300",
            "prt_fild08,55,21,0\twarp\tin\t4,2,far01,50,50");

    @Test
    void aPairIsTwoPortalsOfWhichEachStandsWhereOneComesOutOfTheOther() {
        Warps warps = new Warps(Warps.of(SCRIPT));

        assertThat(warps.all()).hasSize(6);
        Doors doors = warps.between(Set.of("prt_fild07", "prt_fild08", "far01")).getFirst();

        assertThat(doors.first()).isEqualTo("prt_fild07");
        assertThat(doors.second()).isEqualTo("prt_fild08");
        assertThat(doors.portal("prt_fild07", "prt_fild08"))
                .as("its cell nearest to where one comes out")
                .isEqualTo(new Point("prt_fild07", 382, 186));
        assertThat(doors.beside("prt_fild07", "prt_fild08")).isEqualTo(new Point("prt_fild07", 380, 186));
        assertThat(doors.portal("prt_fild08", "prt_fild07")).isEqualTo(new Point("prt_fild08", 19, 186));
        assertThat(doors.beside("prt_fild08", "prt_fild07")).isEqualTo(new Point("prt_fild08", 20, 186));
    }

    @Test
    void portalsFarFromWhereOneComesOutAreNoPair() {
        assertThat(new Warps(Warps.of(SCRIPT)).between(Set.of("prt_fild08", "far01")))
                .isEmpty();
    }

    @Test
    void onlyMapsThatAreAskedForArePairs() {
        assertThat(new Warps(Warps.of(SCRIPT)).between(Set.of("prt_fild08"))).isEmpty();
        assertThat(new Warps(Warps.of(SCRIPT)).between(Set.of("prt_fild08", "prontera")))
                .hasSize(1);
    }

    @Test
    void scriptsOfTheTreesOwnModeAreRead(@TempDir Path tree) throws Exception {
        Files.createDirectories(tree.resolve("npc/pre-re/warps/fields"));
        Files.createDirectories(tree.resolve("npc/re/warps/fields"));
        Files.createDirectories(tree.resolve("npc/warps"));
        Files.write(tree.resolve("npc/pre-re/warps/fields/a.txt"), SCRIPT.subList(1, 2));
        Files.write(tree.resolve("npc/re/warps/fields/a.txt"), SCRIPT.subList(4, 6));
        Files.write(tree.resolve("npc/warps/b.txt"), SCRIPT.subList(2, 3));

        assertThat(Warps.read(tree, "pre-re").all()).hasSize(2);
        assertThat(Warps.read(tree, "re").all()).hasSize(3);
    }
}
