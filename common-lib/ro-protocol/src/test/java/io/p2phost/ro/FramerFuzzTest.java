package io.p2phost.ro;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.ClientVersions;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.OwnWalk;
import io.p2phost.ro.client.Say;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.BonusScripts;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.Cooldowns;
import io.p2phost.ro.inter.GroupMessage;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.ItemsLoaded;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.OnlineUsers;
import io.p2phost.ro.inter.PartyInfo;
import io.p2phost.ro.inter.RemoteMaps;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.SaveItems;
import io.p2phost.ro.inter.SaveVariables;
import io.p2phost.ro.inter.StatusChanges;
import io.p2phost.ro.inter.VariablesLoaded;
import io.p2phost.ro.inter.Whisper;
import io.p2phost.ro.inter.WhisperDelivery;
import io.p2phost.ro.layout.BuildLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Looks for bytes that break the framer or the views behind it. An everyday run repeats the inputs kept beside this
 * class; {@code -Pdeep} searches for new ones for a minute.
 */
class FramerFuzzTest {
    private static final BuildLayout BUILD = BuildLayout.shipped(BuildLayout.LINUX_20200401);

    private static final List<PacketLengths> DIRECTIONS = List.of(
            InterLengths.MAP_TO_CHAR,
            InterLengths.CHAR_TO_MAP,
            ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN));

    /** The first byte chooses the direction, the second where the rest is torn. */
    @FuzzTest(maxDuration = "1m")
    void anyBytesEndInPacketsOrInAFramingException(byte[] input) {
        if (input.length < 2) {
            return;
        }
        PacketLengths lengths = DIRECTIONS.get((input[0] & 0xff) % DIRECTIONS.size());
        byte[] stream = Arrays.copyOfRange(input, 2, input.length);
        int tear = (input[1] & 0xff) % (stream.length + 1);
        Given whole = feed(lengths, stream, stream.length);
        Given torn = feed(lengths, stream, tear);
        if (!whole.equals(torn)) {
            throw new AssertionError(lengths + ": " + whole + ", torn at " + tear + " " + torn);
        }
    }

    private static Given feed(PacketLengths lengths, byte[] stream, int tear) {
        PacketFramer framer = new PacketFramer(lengths, Packet.LONGEST);
        int[] given = new int[2];
        try {
            framer.feed(stream, 0, tear, packet -> take(given, packet));
            framer.feed(stream, tear, stream.length - tear, packet -> take(given, packet));
        } catch (FramingException e) {
            return new Given(given[0], given[1], true);
        }
        if (given[1] + framer.held() != stream.length || framer.held() >= Packet.LONGEST) {
            throw new AssertionError(
                    lengths + ": " + given[1] + " given, " + framer.held() + " held of " + stream.length);
        }
        return new Given(given[0], given[1], false);
    }

    private static void take(int[] given, Packet packet) {
        given[0]++;
        given[1] += packet.length();
        try {
            read(packet);
        } catch (FramingException e) {
            // A packet that is cut right and makes no sense inside.
        }
    }

    /** Reads all of the packets that have lists, texts or structures of any length in them. */
    private static void read(Packet packet) {
        switch (packet.id()) {
            case MapToChar.MAP_LIST -> new MapList(packet).maps();
            case CharToMap.REMOTE_MAPS, CharToMap.REMOTE_MAPS_GONE -> new RemoteMaps(packet).maps();
            case MapToChar.ONLINE_USERS -> new OnlineUsers(packet).players();
            case MapToChar.SAVE_VARIABLES -> new SaveVariables(packet).variables();
            case CharToMap.VARIABLES -> new VariablesLoaded(packet).variables();
            case MapToChar.SAVE_STATUS_CHANGES, CharToMap.STATUS_CHANGES -> new StatusChanges(packet, BUILD).changes();
            case MapToChar.SAVE_COOLDOWNS, CharToMap.COOLDOWNS -> new Cooldowns(packet, BUILD).cooldowns();
            case MapToChar.SAVE_BONUS_SCRIPTS, CharToMap.BONUS_SCRIPTS -> new BonusScripts(packet, BUILD).bonuses();
            case MapToChar.SAVE_CHARACTER -> new SaveCharacter(packet).status(BUILD);
            case CharToMap.AUTH_OK -> new AuthOk(packet).status(BUILD);
            case MapToChar.SAVE_ITEMS -> new SaveItems(packet).storage(BUILD);
            case CharToMap.ITEMS -> new ItemsLoaded(packet).storage(BUILD);
            case CharToMap.PARTY -> new PartyInfo(packet).party(BUILD);
            case MapToChar.WHISPER -> new Whisper(packet).text();
            case CharToMap.WHISPER -> new WhisperDelivery(packet).text();
            case MapToChar.PARTY_MESSAGE, CharToMap.PARTY_MESSAGE -> new GroupMessage(packet).text();
            case ClientToMap.SAY -> new Say(packet).words();
            case MapToClient.OWN_WALK -> new OwnWalk(packet).to();
            default -> InterPackets.refusal(packet, BUILD);
        }
    }

    private record Given(int packets, int bytes, boolean broken) {}
}
