package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.sim.Link;
import io.p2phost.ro.sim.Listener;
import io.p2phost.ro.sim.SimCharServer;
import io.p2phost.ro.sim.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A simulated char-server, and what map-servers send to it; what is not simulated ends here. */
final class WatchedCharServer {
    private static final Set<Integer> SIMULATED = Set.of(
            MapToChar.MAP_SERVER_LOGIN,
            MapToChar.MAP_LIST,
            MapToChar.LOAD_STATUS_CHANGES,
            MapToChar.USER_COUNT,
            MapToChar.ONLINE_USERS,
            MapToChar.SAVE_CHARACTER,
            MapToChar.CHAR_SELECT_REQUEST,
            MapToChar.SERVER_CHANGE,
            MapToChar.CHAR_NAME_REQUEST,
            MapToChar.LOAD_COOLDOWNS,
            MapToChar.CHAR_OFFLINE,
            MapToChar.ALL_OFFLINE,
            MapToChar.CHAR_ONLINE,
            MapToChar.KEEP_ALIVE,
            MapToChar.AUTH_REQUEST,
            MapToChar.LOAD_BONUS_SCRIPTS,
            MapToChar.SAVE_BONUS_SCRIPTS,
            MapToChar.WHISPER,
            MapToChar.WHISPER_ANSWER,
            MapToChar.SAVE_VARIABLES,
            MapToChar.LOAD_VARIABLES,
            MapToChar.LOAD_CASTLES,
            MapToChar.LOAD_CLANS,
            MapToChar.LOAD_MAIL,
            MapToChar.LOAD_QUESTS,
            MapToChar.SAVE_QUESTS,
            MapToChar.LOAD_ACHIEVEMENTS,
            MapToChar.SAVE_ACHIEVEMENTS,
            MapToChar.LOAD_ITEMS,
            MapToChar.SAVE_ITEMS,
            MapToChar.CREATE_PARTY,
            MapToChar.LOAD_PARTY,
            MapToChar.ADD_PARTY_MEMBER,
            MapToChar.LEAVE_PARTY,
            MapToChar.MOVE_PARTY_MEMBER,
            MapToChar.PARTY_MESSAGE);

    private static final int ITEMS =
            InterPackets.MAP_TO_CHAR.packet(MapToChar.SAVE_ITEMS).list().offset();

    final List<Packet> arrived = new ArrayList<>();
    final SimCompanions companions = new SimCompanions();
    private final Consumer<Packet> watch;

    /** @param watch sees each packet of a map-server before the char-server does */
    WatchedCharServer(Consumer<Packet> watch) {
        this.watch = watch;
    }

    /** A stock char-server reads on into what lies behind the packet; the simulated one cannot. */
    static boolean isTooShort(Packet packet) {
        return switch (packet.id()) {
            case MapToChar.SAVE_CHARACTER -> false;
            case MapToChar.SAVE_ITEMS ->
                packet.length() != ITEMS + HandMadeHost.LAYOUT.storage().size();
            default -> InterPackets.refusal(packet, HandMadeHost.LAYOUT).isPresent();
        };
    }

    Listener over(SimCharServer charServer) {
        return address -> {
            Link link = charServer.accept(address);
            return new Link() {
                private boolean ofMapServer;
                private @Nullable Wire wire;

                @Override
                public void opened(Wire opened) {
                    wire = opened;
                    link.opened(opened);
                }

                @Override
                public void packet(Packet packet) {
                    ofMapServer |= packet.id() == MapToChar.MAP_SERVER_LOGIN;
                    if (ofMapServer) {
                        arrived.add(packet.copy());
                        watch.accept(packet);
                    }
                    Wire back = wire;
                    if (ofMapServer && back != null && SimCompanions.isAbout(packet) && !isTooShort(packet)) {
                        companions.packet(packet, back::send);
                    } else if (!ofMapServer || (SIMULATED.contains(packet.id()) && !isTooShort(packet))) {
                        link.packet(packet);
                    }
                }

                @Override
                public void closed() {
                    link.closed();
                }
            };
        };
    }
}
