package io.p2phost.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.cli.bundle.Finding.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundleCheckTest {
    @TempDir
    Path dir;

    private final StringBuilder list = new StringBuilder();

    @BeforeEach
    void spawnsAndWarps() throws IOException {
        script("mobs.txt", "field,0,0\tmonster\tPoring\t1002,10,5000\nother,0,0\tmonster\tLunatic\t1063,5,5000\n");
        script("warps.txt", "// from the field\nfield,10,10,0\twarp\tw1\t1,1,other,20,20\n");
    }

    private void file(String path, String text) throws IOException {
        Path file = dir.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void script(String name, String text) throws IOException {
        file("npc/" + name, text);
        list.append("npc: npc/").append(name).append('\n');
        file("npc/pre-re/scripts_main.conf", list.toString());
    }

    private BundleCheck check() {
        return BundleCheck.of(new Tree(dir), Mode.PRE_RENEWAL, List.of("field"));
    }

    private MapResult field() {
        return check().maps().getFirst();
    }

    private List<String> found() {
        return field().findings().stream()
                .map(found -> found.kind() + " " + found.file() + ":" + found.line() + " " + found.what())
                .toList();
    }

    @Test
    void aFieldOfSpawnsAndWarpsHasNoFindingsAndItsTwoScripts() {
        MapResult field = field();
        assertThat(field.scripts()).containsExactly("npc/mobs.txt", "npc/warps.txt");
        assertThat(field.findings()).isEmpty();
        assertThat(List.of(field.npcs(), field.spawns(), field.warps())).containsExactly(0, 1, 1);
        assertThat(check().faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "OnClock0600: end;|GLOBAL_EVENT|OnClock0600",
                "OnHour12: end;|GLOBAL_EVENT|OnHour12",
                "OnSun1200: end;|GLOBAL_EVENT|OnSun1200",
                "OnDay0101: end;|GLOBAL_EVENT|OnDay0101",
                "OnAgitStart2: end;|GLOBAL_EVENT|OnAgitStart2",
                "OnInterIfInitOnce: end;|GLOBAL_EVENT|OnInterIfInitOnce",
                "OnPCLoginEvent: end;|GLOBAL_EVENT|OnPCLoginEvent",
                "OnInit: announce \"hello\",bc_all; end;|GLOBAL_EVENT|OnInit: announce",
                "donpcevent \"::OnParty\";|GLOBAL_EVENT|event of all npcs: ::OnParty",
                "query_sql(\"SELECT 1\",.@a);|SQL|query_sql",
                "QUERY_LOGSQL(\"SELECT 1\");|SQL|query_logsql",
                "set $winner$,strcharinfo(0);|SERVER_VARIABLE|$winner$",
                "setd(\"$king\"+.@i,1);|SERVER_VARIABLE|$king",
                ".@ip$ = getcharip();|PLAYER_ADDRESS|getcharip",
                "instance_create(\"x\");|INSTANCE|instance_create",
                "OnInstanceInit: end;|INSTANCE|OnInstanceInit",
                "killmonsterall \"other\";|OTHER_MAP|killmonsterall on map other",
                "makeitem(501,1,\"other\",5,5);|OTHER_MAP|makeitem on map other",
                "enablenpc \"Elsewhere\";|OTHER_NPC|enablenpc: Elsewhere on map other (npc/elsewhere.txt:1)",
                "donpcevent \"Elsewhere::OnX\";|OTHER_NPC|Elsewhere::OnX: Elsewhere on map other (npc/elsewhere.txt:1)",
            })
    void whatAHostCannotRunIsNamedWithItsPlace(String code, Kind kind, String what) throws IOException {
        script("elsewhere.txt", "other,1,1,1\tscript\tElsewhere\t1,{ end; }\n");
        script("npc.txt", "\nfield,5,5,4\tscript\tMan#1\t100,{\n\tmes \"a\";\n\t" + code + "\n}\n");
        assertThat(found()).containsExactly(kind + " npc/npc.txt:4 " + what);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "// query_sql(\"x\");",
                "/* OnClock0600: $x\n */",
                "mes \"query_sql $x OnClock0600: { \\\" }\";",
                "set .@a$,\"{\"; set #CASH,1; set @x,1; set .x,1;",
                "OnInit: mapannounce \"field\",\"hi\",bc_map; initnpctimer; end;",
                "OnTouch: warp \"other\",1,1; end; OnTimer1000: monster \"field\",0,0,\"P\",1002,1,\"Man#1::OnDead\";",
                "donpcevent strnpcinfo(0)+\"::OnX\";",
                "OnInit: announce \"hello\",bc_map; end;",
                "switch(.@a) { case 1: .@b = .@c ? 1 : 2; }",
            })
    void whatRunsAnywhereIsNoFinding(String code) throws IOException {
        script("npc.txt", "field,5,5,4\tscript\tMan#1\t100,{\n" + code + "\n}\n");
        assertThat(found()).isEmpty();
    }

    @Test
    void flagsAndShopsWithStockAreFound() throws IOException {
        script("flags.txt", "field\tmapflag\tnosave\tSavePoint\nfield\tmapflag\tnobranch\n");
        script("shops.txt", "field,1,1,1\tmarketshop\tStall\t1,501:10:5\n");
        file(
                "npc/barters.yml",
                "Body:\n  - Name: Barter1\n    Map: field\n    X: 1\n  - Name: B2\n    Map: other\n"
                        + "Footer:\n  Imports:\n  - Path: npc/re.yml\n    Mode: Renewal\n  - Path: npc/pre.yml\n    Mode: Prerenewal\n");
        file("npc/re.yml", "Body:\n  - Name: Re\n    Map: field\n");
        file("npc/pre.yml", "Body:\n  - Name: Pre\n    Map: field\n");
        assertThat(found())
                .containsExactly(
                        "STOCK_SHOP npc/barters.yml:2 barter Barter1",
                        "NOSAVE npc/flags.txt:1 mapflag nosave",
                        "STOCK_SHOP npc/pre.yml:2 barter Pre",
                        "STOCK_SHOP npc/shops.txt:1 shop with stock: Stall");
    }

    @Test
    void functionsAndOriginalsOfDuplicatesComeAlongWithTheirFindings() throws IOException {
        script(
                "function.txt",
                "function\tscript\tF_Sql\t{\n query_sql(\"x\"); return;\n}\n"
                        + "function\tscript\tF_NotCalled\t{\n getcharip(); return;\n}\n");
        script("original.txt", "-\tscript\tOriginal\t-1,{\n $x = 1;\n}\n");
        script("npc.txt", "field,5,5,4\tscript\tMan\t100,{ F_Sql(); }\nfield,6,5,4\tduplicate(Original)\tTwin\t1\n");
        assertThat(field().scripts())
                .containsExactly(
                        "npc/mobs.txt", "npc/warps.txt", "npc/function.txt", "npc/original.txt", "npc/npc.txt");
        assertThat(found())
                .containsExactly("SQL npc/function.txt:2 query_sql", "SERVER_VARIABLE npc/original.txt:2 $x");
    }

    @Test
    void functionsThatItemsCallAreOnEveryMapAndTheirFindingsAreSaidOnce() throws IOException {
        script(
                "items.txt",
                "function\tscript\tF_Item\t{\n $x = 1; callfunc \"F_Deep\"; return;\n}\n"
                        + "function\tscript\tF_NotCalled\t{\n getcharip(); return;\n}\n");
        script("deep.txt", "function\tscript\tF_Deep\t{\n return;\n}\n");
        file("db/pre-re/item_db.yml", "  - Id: 1\n    Script: |\n      callfunc \"F_Item\";\n");
        file("db/re/item_db.yml", "    Script: callfunc(\"F_NotCalled\");\n");
        assertThat(field().scripts()).containsExactly("npc/mobs.txt", "npc/warps.txt", "npc/items.txt", "npc/deep.txt");
        assertThat(field().findings()).isEmpty();
        assertThat(check().faults()).containsExactly("npc/items.txt:2: $x: called by items, hence on every map");
    }

    @Test
    void aDuplicateOfAnNpcOfAnotherMapWouldNotBeThere() throws IOException {
        script("npc.txt", "other,5,5,4\tscript\tGuard::G1\t100,{ mes \"a\"; }\nfield,6,5,4\tduplicate(G1)\tTwin\t1\n");
        assertThat(found())
                .containsExactly(
                        "OTHER_NPC npc/npc.txt:2 duplicate of G1 on map other (npc/npc.txt:1), without which it"
                                + " will not be there");
    }

    @Test
    void whoStaysBehindAndAddressesTheMapIsNamed() throws IOException {
        script("npc.txt", "field,5,5,4\tscript\tMan\t100,{ mes $@day$; }\n");
        script(
                "king.txt",
                "other,1,1,1\tscript\tKing\t1,{\n monster \"field\",0,0,\"P\",1002,1;\n"
                        + " donpcevent \"Man::OnX\";\n $@day$ = \"x\";\n}\n");
        assertThat(found())
                .containsExactly(
                        "ADDRESSED_FROM_ELSEWHERE npc/king.txt:2 monster on this map, by King on map other"
                                + " (npc/king.txt:1)",
                        "ADDRESSED_FROM_ELSEWHERE npc/king.txt:3 addresses Man, from King on map other"
                                + " (npc/king.txt:1)",
                        "SHARED_VARIABLE npc/npc.txt:1 $@day$, also used by King on map other (npc/king.txt:1)");
    }

    @Test
    void whatStandsNowhereIsLoadedWithItsFile() throws IOException {
        script(
                "npc.txt",
                "field,5,5,4\tscript\tMan\t100,{ end; }\n-\tscript\tClock\t-1,{\nOnMinute10:\n end;\n}\n"
                        + "other,5,5,4\tscript\tMan2\t100,{ query_sql(\"x\"); }\n");
        assertThat(found()).containsExactly("GLOBAL_EVENT npc/npc.txt:3 OnMinute10");
    }

    @Test
    void theListIsFollowedAndAMissingFileIsAFault() throws IOException {
        file("npc/pre-re/scripts_main.conf", "// npc: npc/no.txt\nimport: npc/more.conf\nnpc: npc/missing.txt\n");
        file(
                "npc/more.conf",
                "\tnpc: ./npc/warps.txt // good\nnpc: npc/mobs.txt\ndelnpc: npc/mobs.txt\n"
                        + "import: npc/more.conf\n");
        file("conf/map_athena.conf", "npc: npc/own.txt\n");
        file("npc/own.txt", "field\tmapflag\tsnow\n");
        assertThat(field().scripts()).containsExactly("npc/own.txt", "npc/warps.txt");
        assertThat(check().faults())
                .containsExactly("npc/pre-re/scripts_main.conf:3: npc/missing.txt is missing or too large");
    }

    @Test
    void aWrongNameIsSaid() {
        BundleCheck check = BundleCheck.of(new Tree(dir), Mode.PRE_RENEWAL, List.of("feild"));
        assertThat(check.faults()).anyMatch(fault -> fault.startsWith("feild: "));
    }

    @Test
    void theOperatorsRatesComeAlongInTheirOrderAndNothingElseDoes() throws IOException {
        file("conf/import/battle_conf.txt", """
                // my server
                base_exp_rate: 300 // times three
                import: conf/import/drops.txt
                import: conf/import/battle_conf.txt
                Item_rate_common: 0x1F4
                webhook: https://example.org/x
                """);
        file("conf/import/drops.txt", "item_rate_equip: 50\nfeature.roulette: off\nimport: ../../etc/passwd\n");
        BundleCheck check = check();
        assertThat(check.battleSettings())
                .startsWith("base_exp_rate: 300", "item_rate_equip: 50", "feature.roulette: off")
                .contains("item_rate_common: 0x1F4")
                .noneMatch(line -> line.contains("example.org"));
        assertThat(check.faults())
                .contains("conf/import/battle_conf.txt:6: webhook stays here (expected: a number, yes, no, on or off)")
                .anyMatch(fault -> fault.contains("at most 64 imports"));
    }

    @Test
    void secretsAreNamedAndNeverShown() throws IOException {
        file("conf/inter_athena.conf", "map_server_ip: 127.0.0.1\nmap_server_pw: hunter2\n// login_server_pw: x\n");
        file("conf/map_athena.conf", "userid: s1\npasswd: hunter2\nautosave_time: 300\n");
        file("conf/motd.txt", "see https://me:hunter2@example.org/\n");
        script(
                "npc.txt",
                "field,5,5,4\tscript\tMan\t100,{\n"
                        + " .@u$ = \"https://discord.com/api/webhooks/12345/hunter2\";\n}\n");
        List<Secret> secrets = check().secrets();
        assertThat(secrets)
                .containsExactlyInAnyOrder(
                        new Secret("conf/inter_athena.conf", 1, "map_server_ip", false),
                        new Secret("conf/inter_athena.conf", 2, "map_server_pw", false),
                        new Secret("conf/map_athena.conf", 1, "userid", false),
                        new Secret("conf/map_athena.conf", 2, "passwd", false),
                        new Secret("conf/motd.txt", 1, "address with a password", true),
                        new Secret("npc/npc.txt", 2, "webhook", true));
        assertThat(secrets.toString()).doesNotContain("hunter2");
    }

    @Test
    void ownSettingsAndTheOtherGamesDatabaseAreNotShipped() throws IOException {
        for (String file : List.of(
                "conf/import/map_conf.txt",
                "conf/inter_athena.conf",
                "conf/battle/exp.conf",
                "conf/groups.yml",
                "db/re/mob_db.yml",
                "db/pre-re/mob_db.yml",
                "db/import/item_db.yml",
                "db/map_cache.dat")) {
            file(file, "x: 1\n");
        }
        Shipping shipping = Shipping.of(new Tree(dir), Mode.PRE_RENEWAL);
        assertThat(shipping.confs()).containsExactly("conf/battle/exp.conf", "conf/groups.yml");
        assertThat(shipping.databases())
                .containsExactly("db/import/item_db.yml", "db/map_cache.dat", "db/pre-re/mob_db.yml");
    }

    @Test
    void brokenScriptsCostWhatIsBrokenAndNothingElse() throws IOException {
        script(
                "npc.txt",
                "no tabs here\nfield,1\tscript\nfield,5,5,4\tscript\tMan\t100\n"
                        + "field,5,5,4\tscript\tMan2\t100,{ mes \"open\n query_sql(\"x\");\n}\n"
                        + "field,5,5,4\tscript\tMan3\t100,{ getcharip(); /* never closed");
        assertThat(found()).containsExactly("SQL npc/npc.txt:5 query_sql", "PLAYER_ADDRESS npc/npc.txt:7 getcharip");
    }

    @Test
    void aScriptCutOrChangedAnywhereIsStillReadToItsEnd() {
        String script = "field,5,5,4\tscript\tMan\t100,{\n mes \"a \\\"b\"; /* x */ callfunc(\"F\",1); $x = 1; // y\n"
                + "OnInit:\n monster \"other\",0,0,\"P\",1002,1,\"Man::OnDead\";\n}\n-\tshop\tS\t1,501:5\n";
        for (int cut = 0; cut <= script.length(); cut++) {
            for (String between : List.of("", "\"", "{", "}", "/*", "\\", "\n", "\t", "$", "::On")) {
                String changed = script.substring(0, cut) + between + script.substring(cut);
                assertThat(ScriptFile.parse("npc/a.txt", changed)).hasSizeLessThanOrEqualTo(4);
                assertThat(ScriptFile.parse("npc/a.txt", script.substring(0, cut) + between))
                        .hasSizeLessThanOrEqualTo(4);
            }
        }
    }

    @Test
    void theModeIsReadFromTheProgram() throws IOException {
        file("map-server", "\0ELF npc/pre-re/scripts_main.conf\0");
        assertThat(Mode.of(dir.resolve("map-server"))).contains(Mode.PRE_RENEWAL);
        file("map-server", "\0ELF npc/re/scripts_main.conf\0");
        assertThat(Mode.of(dir.resolve("map-server"))).contains(Mode.RENEWAL);
        assertThat(Mode.of(dir.resolve("missing"))).isEmpty();
    }
}
