package io.p2phost.ro.layout;

import io.p2phost.ro.Packet;

/**
 * A saved character inside a packet, read and written in place. Ids and levels come back as the bits of their field.
 *
 * @param at where the structure begins in the packet
 */
public record CharStatus(Packet packet, int at, StructLayout layout) {
    public int charId() {
        return integer("char_id");
    }

    public int accountId() {
        return integer("account_id");
    }

    public String name() {
        return layout.field("name").text(packet, at);
    }

    public long baseExp() {
        return get("base_exp");
    }

    public long jobExp() {
        return get("job_exp");
    }

    public int baseLevel() {
        return integer("base_level");
    }

    public int jobLevel() {
        return integer("job_level");
    }

    public int zeny() {
        return integer("zeny");
    }

    /** The job's id. */
    public int job() {
        return integer("class");
    }

    public int hp() {
        return integer("hp");
    }

    public int maxHp() {
        return integer("max_hp");
    }

    public int sp() {
        return integer("sp");
    }

    public int maxSp() {
        return integer("max_sp");
    }

    public int statusPoints() {
        return integer("status_point");
    }

    public int skillPoints() {
        return integer("skill_point");
    }

    public int strength() {
        return integer("str");
    }

    public int agility() {
        return integer("agi");
    }

    public int vitality() {
        return integer("vit");
    }

    public int intelligence() {
        return integer("int");
    }

    public int dexterity() {
        return integer("dex");
    }

    public int luck() {
        return integer("luk");
    }

    public int sex() {
        return integer("sex");
    }

    public int partyId() {
        return integer("party_id");
    }

    public int guildId() {
        return integer("guild_id");
    }

    public int clanId() {
        return integer("clan_id");
    }

    public long uniqueItemCounter() {
        return get("uniqueitem_counter");
    }

    public MapPoint lastPoint() {
        return point("last_point", 0);
    }

    public MapPoint savePoint() {
        return point("save_point", 0);
    }

    /** How many warp points a character can memorise. */
    public int memoPoints() {
        return layout.array("memo_point").count();
    }

    /** A memorised warp point; its map is empty when there is none. */
    public MapPoint memoPoint(int index) {
        return point("memo_point", index);
    }

    /** Skills the structure has room for. */
    public int skills() {
        return layout.array("skill").count();
    }

    /** The level of the skill in that place; 0 when it is not learnt. */
    public int skillLevel(int index) {
        StructArray skills = layout.array("skill");
        return skills.of().field("lv").integer(packet, skills.base(at, index));
    }

    public int skillId(int index) {
        StructArray skills = layout.array("skill");
        return skills.of().field("id").integer(packet, skills.base(at, index));
    }

    public CharStatus lastPoint(MapPoint point) {
        return point("last_point", point);
    }

    public CharStatus savePoint(MapPoint point) {
        return point("save_point", point);
    }

    public CharStatus name(String name) {
        layout.field("name").set(packet, at, name);
        return this;
    }

    /** Any number of the structure, by the name its layout gives it. */
    public long get(String field) {
        return layout.field(field).number(packet, at);
    }

    /** Sets any number of the structure, by the name its layout gives it. */
    public CharStatus set(String field, long value) {
        layout.field(field).set(packet, at, value);
        return this;
    }

    /** The structure's bytes, copied. */
    public byte[] bytes() {
        return packet.slice(at, layout.size());
    }

    /** Overwrites the structure with another of the same layout. */
    public CharStatus bytes(byte[] status) {
        if (status.length != layout.size()) {
            throw new IllegalArgumentException(
                    layout.name() + ": " + status.length + " bytes (expected: " + layout.size() + ")");
        }
        packet.bytes(at, status);
        return this;
    }

    private int integer(String field) {
        return layout.field(field).integer(packet, at);
    }

    private MapPoint point(String array, int index) {
        StructArray points = layout.array(array);
        int base = points.base(at, index);
        StructLayout point = points.of();
        return new MapPoint(
                point.field("map").text(packet, base),
                point.field("x").integer(packet, base),
                point.field("y").integer(packet, base));
    }

    private CharStatus point(String array, MapPoint value) {
        StructArray points = layout.array(array);
        int base = points.base(at, 0);
        StructLayout point = points.of();
        point.field("map").set(packet, base, value.map());
        point.field("x").set(packet, base, value.x());
        point.field("y").set(packet, base, value.y());
        return this;
    }
}
