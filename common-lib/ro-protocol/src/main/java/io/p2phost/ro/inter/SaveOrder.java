package io.p2phost.ro.inter;

import io.p2phost.ro.Packet;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.StructLayout;

/**
 * Makes a stock map-server save one of its players now: the word that an item of his was taken for an auction (3851), at
 * which it saves him as he is (intif.cpp) and tells his client so (0x0250). It changes nothing of him. Not for servers that
 * have auctions.
 */
public record SaveOrder(Packet packet) {
    private static final int AUCTION = 4;

    /** An order to save that character. */
    public static SaveOrder of(int charId, BuildLayout build) {
        StructLayout auction = build.auction();
        Packet packet = Packet.variable(CharToMap.AUCTION_REGISTERED, AUCTION + auction.size());
        // Any that is not 0: the item was taken.
        auction.field("auction_id").set(packet, AUCTION, 1);
        auction.field("seller_id").set(packet, AUCTION, charId);
        return new SaveOrder(packet);
    }

    /** Whom it is about. */
    public int charId(BuildLayout build) {
        return build.auction().field("seller_id").integer(packet, AUCTION);
    }
}
