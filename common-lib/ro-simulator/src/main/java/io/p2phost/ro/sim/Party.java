package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A party as a char-server keeps it ({@code struct party}). */
final class Party {
    static final int MAX_MEMBERS = 12;
    static final int MEMBER_LENGTH = 56;
    static final int LENGTH = 32 + MAX_MEMBERS * MEMBER_LENGTH;

    private final int id;
    private final String name;
    private final int shared;
    private final List<Member> members = new ArrayList<>();

    Party(int id, String name, int shared, Member leader) {
        this.id = id;
        this.name = name;
        this.shared = shared;
        leader.leader = true;
        members.add(leader);
    }

    /** Somebody in it, here or away. */
    static final class Member {
        private final int accountId;
        private final int charId;
        private final String name;
        private final int jobClass;
        private String map;
        private int level;
        private boolean leader;
        private boolean online;

        private Member(int accountId, int charId, String name, int jobClass, String map, int level) {
            this.accountId = accountId;
            this.charId = charId;
            this.name = name;
            this.jobClass = jobClass;
            this.map = map;
            this.level = level;
        }

        static Member of(Status status, String map) {
            Member member = new Member(status.accountId(), status.charId(), status.name(), 0, map, status.baseLevel());
            member.online = true;
            return member;
        }

        static Member read(Packet from, int offset) {
            Member member = new Member(
                    from.i32(offset),
                    from.i32(offset + 4),
                    from.text(offset + 8, Names.LENGTH),
                    from.u16(offset + 32),
                    from.text(offset + 34, Names.MAP_LENGTH),
                    from.u16(offset + 50));
            int flags = from.i32(offset + 52);
            member.leader = (flags & 1) != 0;
            member.online = (flags & 2) != 0;
            return member;
        }

        void write(Packet to, int offset) {
            to.u32(offset, accountId)
                    .u32(offset + 4, charId)
                    .text(offset + 8, Names.LENGTH, name)
                    .u16(offset + 32, jobClass)
                    .text(offset + 34, Names.MAP_LENGTH, map)
                    .u16(offset + 50, level)
                    .u32(offset + 52, (leader ? 1 : 0) | (online ? 2 : 0));
        }

        int accountId() {
            return accountId;
        }

        int charId() {
            return charId;
        }

        String name() {
            return name;
        }

        String map() {
            return map;
        }

        int level() {
            return level;
        }

        boolean leader() {
            return leader;
        }

        boolean online() {
            return online;
        }

        void online(boolean online) {
            this.online = online;
        }

        void at(String map, int level) {
            this.map = map;
            this.level = level;
        }
    }

    static Party read(Packet from, int offset) {
        Party party =
                new Party(from.i32(offset), from.text(offset + 4, Names.LENGTH), 0, Member.read(from, offset + 32));
        party.members.clear();
        for (int i = 0; i < MAX_MEMBERS; i++) {
            if (from.i32(offset + 32 + i * MEMBER_LENGTH) != 0) {
                party.members.add(Member.read(from, offset + 32 + i * MEMBER_LENGTH));
            }
        }
        return party;
    }

    void write(Packet to, int offset) {
        to.u32(offset, id).text(offset + 4, Names.LENGTH, name);
        int online = 0;
        for (int i = 0; i < members.size(); i++) {
            members.get(i).write(to, offset + 32 + i * MEMBER_LENGTH);
            online += members.get(i).online ? 1 : 0;
        }
        to.u8(offset + 28, online).u8(offset + 29, shared << 1);
    }

    int id() {
        return id;
    }

    String name() {
        return name;
    }

    List<Member> members() {
        return members;
    }

    @Nullable
    Member member(int accountId, int charId) {
        for (Member member : members) {
            if (member.accountId == accountId && member.charId == charId) {
                return member;
            }
        }
        return null;
    }

    boolean join(Member member) {
        if (members.size() >= MAX_MEMBERS) {
            return false;
        }
        member.leader = false;
        members.add(member);
        return true;
    }

    /** A leader takes everybody along. */
    void leave(Member member) {
        if (member.leader) {
            members.clear();
        } else {
            members.remove(member);
        }
    }

    void everybodyOffline() {
        members.forEach(member -> member.online = false);
    }
}
