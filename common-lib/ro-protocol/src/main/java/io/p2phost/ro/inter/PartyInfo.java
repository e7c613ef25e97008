package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.Party;
import java.util.Optional;

/** A party with its members, for one who asked or for all map-servers, or that there is none. */
public record PartyInfo(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.PARTY);
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field PARTY_ID = LAYOUT.field("party_id");

    public PartyInfo {
        LAYOUT.check(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    public int partyId() {
        return PARTY_ID.integer(packet);
    }

    /**
     * Empty when there is no such party.
     *
     * @throws io.p2phost.ro.FramingException when the packet is not of that build
     */
    public Optional<Party> party(BuildLayout build) {
        if (packet.length() == LAYOUT.least()) {
            return Optional.empty();
        }
        if (packet.length() != PARTY_ID.offset() + build.party().size()) {
            throw new FramingException(
                    packet + " (expected: a party of " + build.party().size() + " bytes)");
        }
        return Optional.of(new Party(packet, PARTY_ID.offset(), build.party()));
    }
}
