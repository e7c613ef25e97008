package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.MapName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is stored: enough to go on after a restart of this service.
 *
 * @param relayKnows the number that his relay was last told
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
        byte[] record) {

    PlayerSession session(Instant now) {
        PlayerSession session = new PlayerSession(account, character, state, server, map, record, name, now);
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
        // It was delivered before the restart, or is asked for again after a hand-over.
        session.statusDelivered = state == SessionState.PLAYING;
        // Whoever was being moved when this service ended: his relay is told again.
        session.handedOver = session.isAwaited();
        return session;
    }

    static SessionRow of(PlayerSession session) {
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
                session.record);
    }
}
