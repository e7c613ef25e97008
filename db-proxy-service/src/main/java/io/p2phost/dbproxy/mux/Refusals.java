package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.MapToChar;
import java.util.Optional;

/**
 * What a map-server is told when something is refused for which it has taken a player's items or zeny beforehand: a stock one
 * gives them back then, and without an answer keeps them (intif.cpp).
 */
final class Refusals {
    private static final int HEAD = 4;

    private final World world;

    Refusals(World world) {
        this.world = world;
    }

    static boolean givesBack(int id) {
        return id == MapToChar.SEND_MAIL || id == MapToChar.REGISTER_AUCTION || id == MapToChar.BID;
    }

    /** Answers a request of one of its players, whose account it returns; of others there is nothing to be given back. */
    Optional<Integer> answer(MapServer server, Packet request) {
        return switch (request.id()) {
            case MapToChar.SEND_MAIL -> answer(server, request, CharToMap.MAIL_SENT, "mail_id");
            case MapToChar.REGISTER_AUCTION -> answer(server, request, CharToMap.AUCTION_REGISTERED, "auction_id");
            case MapToChar.BID -> answer(server, request, CharToMap.AUCTION_BID, "bid");
            default -> Optional.empty();
        };
    }

    private Optional<Integer> answer(MapServer server, Packet request, int id, String number) {
        PacketLayout asked = InterPackets.MAP_TO_CHAR.packet(request.id());
        PacketLayout answer = InterPackets.CHAR_TO_MAP.packet(id);
        int body = asked.field(number).offset();
        boolean isWhole = request.length() >= asked.least() && HEAD + request.length() - body >= answer.least();
        Optional<Integer> account =
                isWhole ? accountOf(server, asked.field("char_id").integer(request)) : Optional.empty();
        if (account.isPresent()) {
            server.send(
                    id == CharToMap.AUCTION_BID
                            ? bid(request, asked, answer)
                            : answer.field(number)
                                    .set(
                                            answer.create(HEAD + request.length() - body)
                                                    .bytes(HEAD, request.slice(body, request.length() - body)),
                                            0));
        }
        return account;
    }

    private static Packet bid(Packet request, PacketLayout asked, PacketLayout answer) {
        Packet packet = answer.create();
        answer.field("char_id").set(packet, asked.field("char_id").integer(request));
        return answer.field("bid").set(packet, asked.field("bid").integer(request));
    }

    private Optional<Integer> accountOf(MapServer server, int character) {
        return world
                .sessions
                .where(session -> session.character == character && session.isWrittenBy(server.key()))
                .stream()
                .map(session -> session.account)
                .findFirst();
    }
}
