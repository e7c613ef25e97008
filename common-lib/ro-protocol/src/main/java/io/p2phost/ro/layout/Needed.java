package io.p2phost.ro.layout;

import io.p2phost.ro.Field;
import io.p2phost.ro.FieldType;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** What a layout must have, because the views read it. */
final class Needed {
    private static final Map<String, List<String>> NUMBERS = Map.ofEntries(
            Map.entry(
                    BuildLayout.CHARACTER,
                    List.of(
                            "char_id",
                            "account_id",
                            "base_exp",
                            "job_exp",
                            "zeny",
                            "class",
                            "status_point",
                            "skill_point",
                            "hp",
                            "max_hp",
                            "sp",
                            "max_sp",
                            "option",
                            "party_id",
                            "guild_id",
                            "pet_id",
                            "hom_id",
                            "mer_id",
                            "ele_id",
                            "clan_id",
                            "fame",
                            "base_level",
                            "job_level",
                            "str",
                            "agi",
                            "vit",
                            "int",
                            "dex",
                            "luk",
                            "slot",
                            "sex",
                            "uniqueitem_counter")),
            Map.entry("s_point_str", List.of("x", "y")),
            Map.entry("s_skill", List.of("id", "lv", "flag")),
            Map.entry(
                    "item",
                    List.of(
                            "id",
                            "nameid",
                            "amount",
                            "equip",
                            "identify",
                            "refine",
                            "attribute",
                            "card0",
                            "card1",
                            "card2",
                            "card3",
                            "expire_time",
                            "bound",
                            "unique_id",
                            "enchantgrade")),
            Map.entry("s_item_randomoption", List.of("id", "value", "param")),
            Map.entry(BuildLayout.STORAGE, List.of("amount", "id", "type", "max_amount", "stor_id")),
            Map.entry(BuildLayout.AUCTION, List.of("auction_id", "seller_id")),
            Map.entry(BuildLayout.STATUS_CHANGE, List.of("type", "val1", "val2", "val3", "val4", "tick")),
            Map.entry(BuildLayout.COOLDOWN, List.of("skill_id", "tick")),
            Map.entry(BuildLayout.BONUS_SCRIPT, List.of("tick", "flag", "icon", "type")),
            Map.entry(BuildLayout.PARTY, List.of("party_id")),
            Map.entry(BuildLayout.PET, List.of("account_id", "char_id", "pet_id", "incubate")),
            Map.entry(BuildLayout.HOMUNCULUS, List.of("hom_id", "char_id")),
            Map.entry(BuildLayout.MERCENARY, List.of("mercenary_id", "char_id")),
            Map.entry(BuildLayout.ELEMENTAL, List.of("elemental_id", "char_id")),
            Map.entry("party_member", List.of("account_id", "char_id", "lv")),
            Map.entry("quest", List.of("quest_id", "time", "state")),
            Map.entry("achievement", List.of("achievement_id", "completed", "rewarded", "score")));

    private static final Map<String, List<String>> TEXTS = Map.of(
            BuildLayout.CHARACTER,
            List.of("name"),
            BuildLayout.BONUS_SCRIPT,
            List.of("script"),
            BuildLayout.PARTY,
            List.of("name"),
            "party_member",
            List.of("name"));

    private static final Map<String, List<String>> MAPS =
            Map.of("s_point_str", List.of("map"), "party_member", List.of("map"));

    private static final List<Inside> INSIDE = List.of(
            new Inside(BuildLayout.CHARACTER, "last_point", "s_point_str"),
            new Inside(BuildLayout.CHARACTER, "save_point", "s_point_str"),
            new Inside(BuildLayout.CHARACTER, "memo_point", "s_point_str"),
            new Inside(BuildLayout.CHARACTER, "skill", "s_skill"),
            new Inside("item", "option", "s_item_randomoption"),
            new Inside(BuildLayout.STORAGE, "items", "item"),
            new Inside(BuildLayout.PARTY, "member", "party_member"));

    private Needed() {}

    /** Reports what is missing or of another kind: where it should be, and what it should be. */
    static void check(Map<String, StructLayout> structs, BiConsumer<String, String> fault) {
        fields(structs, NUMBERS, "a number", fault);
        fields(structs, TEXTS, "textN", fault);
        fields(structs, MAPS, "mapname16", fault);
        for (Inside inside : INSIDE) {
            StructLayout struct = structs.get(inside.struct);
            StructArray array = struct == null ? null : struct.arrays().get(inside.array);
            if (array == null || !array.of().name().equals(inside.of)) {
                fault.accept("structs." + inside.struct + ".fields." + inside.array, "of " + inside.of);
            }
        }
    }

    private static void fields(
            Map<String, StructLayout> structs,
            Map<String, List<String>> needed,
            String kind,
            BiConsumer<String, String> fault) {
        needed.forEach((name, fields) -> {
            StructLayout struct = structs.get(name);
            for (String field : fields) {
                Field found = struct == null ? null : struct.fields().get(field);
                if (found == null || !isOf(kind, found.type())) {
                    fault.accept("structs." + name + ".fields." + field, kind);
                }
            }
        });
    }

    private static boolean isOf(String kind, FieldType type) {
        return switch (type) {
            case TEXT -> kind.equals("textN");
            case MAPNAME -> kind.equals("mapname16");
            case BYTES -> false;
            case U8, U16, I16, U32, I32, I64, U16BE, IP32BE -> kind.equals("a number");
        };
    }

    /** Structures that must be inside another. */
    private record Inside(String struct, String array, String of) {}
}
