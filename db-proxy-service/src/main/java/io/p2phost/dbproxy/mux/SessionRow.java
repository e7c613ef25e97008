package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.MapName;
import io.p2phost.ro.Packet;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is stored: enough to go on after a restart of this service.
 *
 * @param relayKnows the number that his relay was last told
 * @param connectionGone his relay said that his connection is over
 * @param loaded his map-server has what it asked for when he came
 * @param companions numbers of pets and the like that are his, as one short text
 * @param rare his rare items, as one short text; null when nobody counts them
 * @param leaving the server change under way, null when there is none
 * @param record {@code mmo_charstatus} of the newest accepted save group
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record SessionRow(
        int account,
        int character,
        long number,
        SessionState state,
        ServerKey server,
        MapName map,
        int x,
        int y,
        int loginId1,
        int loginId2,
        int sex,
        int expiration,
        int group,
        int clientIp,
        String name,
        int party,
        int guild,
        @Nullable String relay,
        long relayKnows,
        boolean connectionGone,
        boolean loaded,
        String companions,
        @Nullable String rare,
        @Nullable Leaving leaving,
        byte[] record) {

    PlayerSession session(Instant now) {
        PlayerSession session = new PlayerSession(account, character, state, server, map, record, name, now);
        session.finalSaveLost = state == SessionState.PENDING_REPLAY;
        session.awaitsAck = session.finalSaveLost;
        session.number = number;
        session.x = x;
        session.y = y;
        session.loginId1 = loginId1;
        session.loginId2 = loginId2;
        session.sex = sex;
        session.expiration = expiration;
        session.group = group;
        session.clientIp = clientIp;
        session.party = party;
        session.guild = guild;
        session.relay = relay;
        session.relayKnows = relayKnows;
        session.connectionGone = connectionGone;
        session.goneSince = now;
        session.companions = OwnCompanions.of(companions);
        session.rare = RareStock.of(rare);
        if (leaving != null) {
            session.change = Packet.of(leaving.change);
            if (leaving.server != null && leaving.map != null) {
                session.origin = new PlayerSession.Origin(leaving.server, leaving.map);
            }
        }
        session.statusDelivered = state == SessionState.PLAYING && loaded;
        session.wasLoading = state == SessionState.PLAYING && !loaded;
        session.variablesDelivered = session.statusDelivered;
        // Whoever was being moved when this service ended: his relay is told again.
        session.handedOver = session.isAwaited();
        return session;
    }

    static SessionRow of(PlayerSession session, boolean countsRare) {
        return new SessionRow(
                session.account,
                session.character,
                session.number,
                session.state,
                session.server,
                session.map,
                session.x,
                session.y,
                session.loginId1,
                session.loginId2,
                session.sex,
                session.expiration,
                session.group,
                session.clientIp,
                session.name,
                session.party,
                session.guild,
                session.relay,
                session.relayKnows,
                session.connectionGone,
                session.isLoaded(),
                session.companions.toString(),
                countsRare ? session.rare.toString() : null,
                Leaving.of(session),
                session.record);
    }

    /**
     * A server change that the char-server may not have answered.
     *
     * @param change the packet (2b05) with the real session ids
     * @param server where he leaves from; null when that is core
     */
    public record Leaving(
            byte[] change,
            @Nullable ServerKey server,
            @Nullable MapName map) {
        static @Nullable Leaving of(PlayerSession session) {
            if (session.change == null || session.state != SessionState.LEAVING) {
                return null;
            }
            PlayerSession.Origin origin = session.origin;
            return new Leaving(
                    session.change.bytes(),
                    origin == null ? null : origin.server(),
                    origin == null ? null : origin.map());
        }
    }
}
