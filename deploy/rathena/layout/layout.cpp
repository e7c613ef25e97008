// Prints where the fields of a server build's structures are, as JSON. Compiled against that build's own headers by
// make-layout; has no code of the servers.
#include <common/mmo.hpp>

#include <cstddef>
#include <cstdio>
#include <type_traits>

#ifdef RENEWAL
static const char *const mode = "renewal";
#else
static const char *const mode = "pre-renewal";
#endif

#if defined(_WIN64)
static const char *const platform = "windows-x86_64";
#elif defined(_WIN32)
static const char *const platform = "windows-x86";
#elif defined(__linux__) && defined(__x86_64__)
static const char *const platform = "linux-x86_64";
#elif defined(__linux__) && defined(__aarch64__)
static const char *const platform = "linux-aarch64";
#elif defined(__linux__) && defined(__i386__)
static const char *const platform = "linux-x86";
#else
static const char *const platform = "other";
#endif

// Names of maps travel in 16 bytes since 2023; before that, in structures of another kind.
static_assert(sizeof(mmo_charstatus::last_point.map) == 16, "this tree is older than the packets the layout is for");

// The name of a number's type. 64 bits have one name: nothing uses their highest.
template <class T>
static const char *number() {
    constexpr bool is_signed = std::is_enum<T>::value || (std::is_signed<T>::value && sizeof(T) > 1);
    switch (sizeof(T)) {
        case 1: return "u8";
        case 2: return is_signed ? "i16" : "u16";
        case 4: return is_signed ? "i32" : "u32";
        default: return "i64";
    }
}

static const char *between = "";

static void begin(const char *name, std::size_t size) {
    std::printf("%s\n    \"%s\": {\n      \"size\": %zu,\n      \"fields\": {", between, name, size);
    between = "";
}

static void end() {
    std::printf("\n      }\n    }");
    between = ",";
}

static void field(const char *name, std::size_t offset, const char *type) {
    std::printf("%s\n        \"%s\": {\"offset\": %zu, \"type\": \"%s\"}", between, name, offset, type);
    between = ",";
}

static void text(const char *name, std::size_t offset, std::size_t size) {
    std::printf("%s\n        \"%s\": {\"offset\": %zu, \"type\": \"text%zu\"}", between, name, offset, size);
    between = ",";
}

static void inside(const char *name, std::size_t offset, const char *of, std::size_t count) {
    std::printf("%s\n        \"%s\": {\"offset\": %zu, \"of\": \"%s\", \"count\": %zu}", between, name, offset, of, count);
    between = ",";
}

static void numbered(const char *name, std::size_t offset, std::size_t size, std::size_t count, const char *type) {
    for (std::size_t i = 0; i < count; i++) {
        std::printf("%s\n        \"%s%zu\": {\"offset\": %zu, \"type\": \"%s\"}", between, name, i, offset + i * size, type);
        between = ",";
    }
}

// A number under its own name, or another; a text; a map's name; structures; numbers one behind the other.
#define AS(s, f, name) field(name, offsetof(s, f), number<decltype(s::f)>())
#define N(s, f) AS(s, f, #f)
#define TEXT_AS(s, f, name) text(name, offsetof(s, f), sizeof(s::f))
#define MAP(s, f) field(#f, offsetof(s, f), "mapname16")
#define ONE(s, f, of) inside(#f, offsetof(s, f), #of, 1)
#define ALL(s, f, of) inside(#f, offsetof(s, f), #of, sizeof(s::f) / sizeof(of))
#define EACH(s, f, name) \
    numbered(name, offsetof(s, f), sizeof(s::f[0]), sizeof(s::f) / sizeof(s::f[0]), \
             number<std::remove_reference<decltype(s::f[0])>::type>())
#define BEGIN(s) begin(#s, sizeof(s))

static void character() {
    using s = mmo_charstatus;
    BEGIN(mmo_charstatus);
    N(s, char_id); N(s, account_id); N(s, partner_id); N(s, father); N(s, mother); N(s, child);
    N(s, base_exp); N(s, job_exp); N(s, zeny); AS(s, class_, "class");
    N(s, status_point); N(s, skill_point); N(s, trait_point);
    N(s, hp); N(s, max_hp); N(s, sp); N(s, max_sp); N(s, ap); N(s, max_ap);
    N(s, option); N(s, manner); N(s, karma); N(s, hair); N(s, hair_color); N(s, clothes_color); N(s, body);
    N(s, party_id); N(s, guild_id); N(s, pet_id); N(s, hom_id); N(s, mer_id); N(s, ele_id); N(s, clan_id); N(s, fame);
    N(s, arch_faith); N(s, arch_calls); N(s, spear_faith); N(s, spear_calls); N(s, sword_faith); N(s, sword_calls);
    N(s, weapon); N(s, shield); N(s, head_top); N(s, head_mid); N(s, head_bottom); N(s, robe); N(s, body_direction);
    TEXT_AS(s, name, "name"); N(s, base_level); N(s, job_level);
    N(s, str); N(s, agi); N(s, vit); AS(s, int_, "int"); N(s, dex); N(s, luk);
    N(s, pow); N(s, sta); N(s, wis); N(s, spl); N(s, con); N(s, crt); N(s, slot); N(s, sex); N(s, mapip); N(s, mapport);
    ONE(s, last_point, s_point_str); N(s, last_point_instanceid); ONE(s, save_point, s_point_str);
    ALL(s, memo_point, s_point_str); ALL(s, skill, s_skill); ALL(s, friends, s_friend);
#ifdef HOTKEY_SAVING
    ALL(s, hotkeys, hotkey);
#endif
    N(s, show_equip); N(s, disable_call); N(s, disable_partyinvite); N(s, disable_showcostumes); N(s, rename);
    N(s, delete_date); N(s, unban_time); N(s, character_moves); N(s, font); N(s, cashshop_sent);
    N(s, uniqueitem_counter); N(s, hotkey_rowshift); N(s, hotkey_rowshift2); N(s, title_id); N(s, inventory_slots);
    end();
    BEGIN(s_point_str); MAP(s_point_str, map); N(s_point_str, x); N(s_point_str, y); end();
    BEGIN(s_skill); N(s_skill, id); N(s_skill, lv); N(s_skill, flag); end();
    BEGIN(s_friend); N(s_friend, account_id); N(s_friend, char_id); TEXT_AS(s_friend, name, "name"); end();
#ifdef HOTKEY_SAVING
    BEGIN(hotkey); N(hotkey, id); N(hotkey, lv); N(hotkey, type); end();
#endif
}

static void items() {
    using o = s_item_randomoption;
    BEGIN(s_item_randomoption); N(o, id); N(o, value); N(o, param); end();
    BEGIN(item);
    N(item, id); N(item, nameid); N(item, amount); N(item, equip); N(item, identify); N(item, refine);
    N(item, attribute); EACH(item, card, "card"); ALL(item, option, s_item_randomoption); N(item, expire_time);
    N(item, favorite); N(item, bound); N(item, unique_id); N(item, equipSwitch); N(item, enchantgrade);
    end();
    using s = s_storage;
    BEGIN(s_storage);
    N(s, dirty); N(s, status); N(s, amount); N(s, lock); N(s, id); N(s, type); N(s, max_amount); N(s, stor_id);
    inside("items", offsetof(s, u), "item", sizeof(s::u) / sizeof(item));
    end();
    BEGIN(auction_data); N(auction_data, auction_id); N(auction_data, seller_id); end();
}

static void what_lasts() {
    using c = status_change_data;
    BEGIN(status_change_data); N(c, type); N(c, val1); N(c, val2); N(c, val3); N(c, val4); N(c, tick); end();
    using d = s_skill_cooldown_data;
    BEGIN(s_skill_cooldown_data); N(d, skill_id); N(d, tick); end();
    using b = bonus_script_data;
    BEGIN(bonus_script_data); TEXT_AS(b, script_str, "script"); N(b, tick); N(b, flag); N(b, icon); N(b, type); end();
    BEGIN(quest); N(quest, quest_id); N(quest, time); EACH(quest, count, "count"); N(quest, state); end();
    using a = achievement;
    BEGIN(achievement);
    N(a, achievement_id); EACH(a, count, "count"); N(a, completed); N(a, rewarded); N(a, score);
    end();
}

static void parties() {
    using m = party_member;
    BEGIN(party_member);
    N(m, account_id); N(m, char_id); TEXT_AS(m, name, "name"); AS(m, class_, "class"); MAP(m, map); N(m, lv);
    end();
    BEGIN(party);
    N(party, party_id); TEXT_AS(party, name, "name"); AS(party, count, "online"); ALL(party, member, party_member);
    end();
}

static void companions() {
    BEGIN(s_pet); N(s_pet, account_id); N(s_pet, char_id); N(s_pet, pet_id); N(s_pet, incubate); end();
    BEGIN(s_homunculus); N(s_homunculus, hom_id); N(s_homunculus, char_id); end();
    BEGIN(s_mercenary); N(s_mercenary, mercenary_id); N(s_mercenary, char_id); end();
    BEGIN(s_elemental); N(s_elemental, elemental_id); N(s_elemental, char_id); end();
}

int main() {
    std::printf("{\n  \"schema\": 1,\n  \"name\": \"%s-%d%s\",\n", platform, PACKETVER, mode[0] == 'r' ? "-re" : "");
    std::printf("  \"packetver\": %d,\n  \"mode\": \"%s\",\n  \"platform\": \"%s\",\n  \"structs\": {", PACKETVER, mode, platform);
    between = "";
    character();
    items();
    what_lasts();
    parties();
    companions();
    std::printf("\n  }\n}\n");
    return std::ferror(stdout);
}
