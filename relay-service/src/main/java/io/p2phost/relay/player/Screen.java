package io.p2phost.relay.player;

import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.Say;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a map-server has put on a client's screen and would take away itself at an ordinary change of map. A dead one does
 * not, so {@link #clear} says it in its place; for clients of 2020-04-01.
 */
final class Screen {
    private static final int TRADE_ANSWER = 0x01f5;
    private static final int TRADE_ACCEPTED = 3;
    private static final int TRADE_DONE = 0x00f0;
    private static final int STORAGE_COUNT = 0x00f2;
    private static final int ROOM_MADE = 0x00d6;
    private static final int ROOM_ENTERED = 0x00db;
    private static final int DIALOG_TEXT = 0x00b4;
    private static final int DIALOG_NEXT = 0x00b5;
    private static final int DIALOG_MENU = 0x00b7;
    private static final int DIALOG_NUMBER = 0x0142;
    private static final int DIALOG_LINE = 0x01d4;
    private static final int DIALOG_CLOSED = 0x0146;
    private static final int PROGRESS = 0x02f0;
    private static final int MOST_ICONS = 2_000;

    private final int account;
    private final Set<Integer> icons = new TreeSet<>();
    private String name = "";
    private boolean trade;
    private boolean storage;
    private boolean room;
    private boolean progress;
    private boolean altered;
    private @Nullable Integer dialog;

    Screen(int account) {
        this.account = account;
    }

    SessionImage.Screen image() {
        return new SessionImage.Screen(List.copyOf(icons), name, trade, storage, room, progress, altered, dialog);
    }

    void goOnFrom(SessionImage.Screen image) {
        icons.addAll(image.icons());
        name = image.name();
        trade = image.trade();
        storage = image.storage();
        room = image.room();
        progress = image.progress();
        altered = image.altered();
        dialog = image.dialog();
    }

    /** Whether a packet of the map-server is for {@link #shown}. */
    static boolean isShown(int id) {
        return switch (id) {
            case TRADE_ANSWER,
                    TRADE_DONE,
                    MapToClient.TRADE_CANCELLED,
                    STORAGE_COUNT,
                    MapToClient.STORAGE_CLOSED,
                    ROOM_MADE,
                    ROOM_ENTERED,
                    MapToClient.CHAT_ROOM_LEFT,
                    DIALOG_TEXT,
                    DIALOG_MENU,
                    DIALOG_NEXT,
                    DIALOG_NUMBER,
                    DIALOG_LINE,
                    MapToClient.DIALOG_END,
                    PROGRESS,
                    MapToClient.PROGRESS_END,
                    MapToClient.ICON,
                    MapToClient.TIMED_ICON,
                    MapToClient.APPEARANCE -> true;
            default -> false;
        };
    }

    /** Whether a packet of the client is for {@link #done}. */
    static boolean isDone(int id) {
        return id == DIALOG_CLOSED || id == ClientToMap.SAY;
    }

    /** The map-server shows something. */
    void shown(Packet packet) {
        switch (packet.id()) {
            case TRADE_ANSWER -> trade = packet.u8(2) == TRADE_ACCEPTED;
            case TRADE_DONE, MapToClient.TRADE_CANCELLED -> trade = false;
            case STORAGE_COUNT -> storage = true;
            case MapToClient.STORAGE_CLOSED -> storage = false;
            case ROOM_MADE -> room = packet.u8(2) == 0;
            case ROOM_ENTERED -> room = true;
            case MapToClient.CHAT_ROOM_LEFT -> room &= !packet.text(4, 24).equals(name);
            case DIALOG_TEXT, DIALOG_MENU -> dialog = packet.i32(4);
            case DIALOG_NEXT, DIALOG_NUMBER, DIALOG_LINE, MapToClient.DIALOG_END -> dialog = packet.i32(2);
            case PROGRESS -> progress = true;
            case MapToClient.PROGRESS_END -> progress = false;
            case MapToClient.ICON, MapToClient.TIMED_ICON -> icon(packet.u16(2), packet.i32(4), packet.u8(8) != 0);
            case MapToClient.APPEARANCE -> {
                if (packet.i32(2) == account) {
                    altered = packet.u16(6) != 0 || packet.u16(8) != 0 || packet.i32(10) != 0;
                }
            }
            default -> {}
        }
    }

    private void icon(int icon, int unit, boolean on) {
        if (unit == account && !on) {
            icons.remove(icon);
        } else if (unit == account && icons.size() < MOST_ICONS) {
            icons.add(icon);
        }
    }

    /** The player does something. */
    void done(Packet packet) {
        if (packet.id() == DIALOG_CLOSED) {
            dialog = null;
        } else if (packet.id() == ClientToMap.SAY) {
            int colon = new Say(packet).text().indexOf(" : ");
            name = colon < 0 ? name : new Say(packet).text().substring(0, colon);
        }
    }

    /** What closes everything, in the order it has to come. */
    List<Packet> clear() {
        List<Packet> closing = new ArrayList<>();
        if (trade) {
            closing.add(Packet.fixed(MapToClient.TRADE_CANCELLED, 2));
        }
        if (storage) {
            closing.add(Packet.fixed(MapToClient.STORAGE_CLOSED, 2));
        }
        if (room && !name.isEmpty()) {
            closing.add(Packet.fixed(MapToClient.CHAT_ROOM_LEFT, 29).text(4, 24, name));
        }
        if (dialog != null) {
            closing.add(Packet.fixed(MapToClient.DIALOG_END, 6).u32(2, dialog));
        }
        if (progress) {
            closing.add(Packet.fixed(MapToClient.PROGRESS_END, 2));
        }
        icons.forEach(icon ->
                closing.add(Packet.fixed(MapToClient.ICON, 9).u16(2, icon).u32(4, account)));
        if (altered) {
            closing.add(Packet.fixed(MapToClient.APPEARANCE, 15).u32(2, account));
        }
        trade = storage = room = progress = altered = false;
        dialog = null;
        icons.clear();
        return closing;
    }
}
