package io.p2phost.ro.layout;

import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.List;

/**
 * A party and its members inside a packet.
 *
 * @param at where the structure begins in the packet
 */
public record Party(Packet packet, int at, StructLayout layout) {
    public int partyId() {
        return layout.field("party_id").integer(packet, at);
    }

    public String name() {
        return layout.field("name").text(packet, at);
    }

    /** Its members, empty places left out. */
    public List<Member> members() {
        StructArray places = layout.array("member");
        StructLayout member = places.of();
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < places.count(); i++) {
            int base = places.base(at, i);
            int accountId = member.field("account_id").integer(packet, base);
            if (accountId != 0) {
                members.add(new Member(
                        accountId,
                        member.field("char_id").integer(packet, base),
                        member.field("name").text(packet, base),
                        member.field("map").text(packet, base),
                        member.field("lv").integer(packet, base)));
            }
        }
        return members;
    }

    public record Member(int accountId, int charId, String name, String map, int level) {}
}
