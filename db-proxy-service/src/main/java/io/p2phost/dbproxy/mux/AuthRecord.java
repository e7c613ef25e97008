package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.MapPoint;

/** What the char-server says of a player it lets in (2afd), and what a map-server behind the multiplexer is told of it. */
final class AuthRecord {
    private AuthRecord() {}

    /**
     * A session out of the char-server's answer.
     *
     * @throws io.p2phost.ro.FramingException when its build has another layout
     */
    static PlayerSession session(AuthOk ok, SessionState state, ServerKey server, World world) {
        CharStatus character = ok.status(world.settings.layout());
        Status status = new Status(character);
        PlayerSession session = new PlayerSession(
                ok.accountId(),
                character.charId(),
                state,
                server,
                status.map(),
                character.bytes(),
                character.name(),
                world.now());
        // Above all that any session of his had before: an order about an earlier one may still be on its way to a
        // relay.
        session.number = world.now().toEpochMilli();
        session.loginId1 = ok.loginId1();
        session.loginId2 = ok.loginId2();
        session.expiration = (int) ok.expiration();
        session.group = ok.groupId();
        session.moving = ok.changingServers();
        session.sex = character.sex();
        session.x = character.lastPoint().x();
        session.y = character.lastPoint().y();
        session.party = character.partyId();
        session.guild = character.guildId();
        session.companions.learn(character);
        session.stored = Stored.of(character);
        return session;
    }

    /**
     * The answer for a map-server behind the multiplexer: nobody is staff there, ids are pseudonyms, the place is where
     * the player goes.
     *
     * @param moving he comes from another server: no welcome text, no second change of map
     */
    static Packet answer(PlayerSession session, boolean moving, World world) {
        Pseudonyms.Ids ids = world.pseudonyms.of(session);
        AuthOk answer = AuthOk.of(session.account, session.record)
                .loginIds(ids.loginId1(), ids.loginId2())
                .expiration(session.expiration)
                .groupId(0)
                .changingServers(moving);
        answer.status(world.settings.layout()).lastPoint(new MapPoint(session.map.value(), session.x, session.y));
        return answer.packet();
    }
}
