package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What map-servers load and save besides the record itself: items, variables, status changes and the like. */
final class StoredData {
    private final SimDatabase database;
    private final Accounts accounts;
    private final Consumer<Packet> toAllServers;
    private final BooleanSupplier loginServer;

    /**
     * Over this database.
     *
     * @param loginServer whether the login-server, which has variables of its own, can be asked
     */
    StoredData(SimDatabase database, Accounts accounts, Consumer<Packet> toAllServers, BooleanSupplier loginServer) {
        this.database = database;
        this.accounts = accounts;
        this.toAllServers = toAllServers;
        this.loginServer = loginServer;
    }

    /** False: not about such data. */
    boolean handle(Packet packet, Consumer<Packet> back) {
        Request request = new Request(back);
        return request.forRecord(packet) || request.forRest(packet);
    }

    /** One packet and where its answer goes. */
    private final class Request {
        private final Consumer<Packet> back;

        Request(Consumer<Packet> back) {
            this.back = back;
        }

        boolean forRecord(Packet packet) {
            switch (packet.id()) {
                case InterPackets.STATUS_CHANGES_REQUEST -> statusChanges(packet.i32(2), packet.i32(6));
                case InterPackets.STATUS_CHANGES_SAVE ->
                    database.writeStatusChanges(packet.i32(8), InterPackets.statusChanges(packet));
                case InterPackets.COOLDOWNS_REQUEST -> cooldowns(packet.i32(2), packet.i32(6));
                case InterPackets.COOLDOWNS_SAVE ->
                    database.keep(false, packet.i32(8), packet.slice(14, packet.length() - 14));
                case InterPackets.BONUS_REQUEST -> bonus(packet.i32(2));
                case InterPackets.BONUS_SAVE ->
                    database.keep(true, packet.i32(4), packet.slice(9, packet.length() - 9));
                case InterPackets.VARIABLES_SAVE -> saveVariables(packet);
                case InterPackets.VARIABLES_REQUEST -> variables(packet);
                case InterPackets.ITEMS_REQUEST -> items(packet);
                case InterPackets.ITEMS_SAVE -> saveItems(packet);
                default -> {
                    return false;
                }
            }
            return true;
        }

        boolean forRest(Packet packet) {
            switch (packet.id()) {
                case InterPackets.NAME_REQUEST -> name(packet.i32(2));
                case InterPackets.CASTLES_REQUEST -> back.accept(InterPackets.castles(packet));
                case InterPackets.CLANS_REQUEST -> back.accept(InterPackets.clans());
                case InterPackets.MAIL_REQUEST -> back.accept(InterPackets.mail(packet.i32(2)));
                case InterPackets.QUESTS_REQUEST -> log(InterPackets.QUESTS, false, packet.i32(2));
                case InterPackets.ACHIEVEMENTS_REQUEST -> log(InterPackets.ACHIEVEMENTS, true, packet.i32(2));
                case InterPackets.QUESTS_SAVE -> saveLog(InterPackets.QUESTS_SAVED, false, packet);
                case InterPackets.ACHIEVEMENTS_SAVE -> saveLog(InterPackets.ACHIEVEMENTS_SAVED, true, packet);
                default -> {
                    return false;
                }
            }
            return true;
        }

        /** Loads without deleting: only the next save does. */
        private void statusChanges(int accountId, int charId) {
            List<SimDatabase.StatusChange> changes = database.readStatusChanges(charId);
            if (changes != null) {
                back.accept(InterPackets.statusChanges(InterPackets.STATUS_CHANGES, accountId, charId, changes));
            }
        }

        private void name(int charId) {
            Status status = database.read(charId);
            back.accept(InterPackets.name(charId, status == null ? "Unknown" : status.name()));
        }

        /** Loading deletes, and without any there is no answer. */
        private void cooldowns(int accountId, int charId) {
            byte[] entries = database.take(false, charId);
            if (entries != null) {
                back.accept(InterPackets.cooldowns(accountId, charId, entries));
            }
        }

        private void bonus(int charId) {
            byte[] entries = database.take(true, charId);
            if (entries != null) {
                back.accept(InterPackets.bonus(charId, entries));
            }
        }

        /** Character's, account's, then the login-server's, which go to every map-server. */
        private void variables(Packet packet) {
            int accountId = packet.i32(2);
            int charId = packet.i32(6);
            if (packet.u8(12) != 0) {
                parts(accountId, charId, 3, database.variables(false, charId), back);
            }
            if (packet.u8(11) != 0) {
                parts(accountId, charId, 2, database.variables(true, accountId), back);
            }
            if (packet.u8(10) != 0 && loginServer.getAsBoolean()) {
                parts(accountId, charId, 1, accounts.variables(accountId), toAllServers);
            }
        }

        private void parts(
                int accountId, int charId, int kind, Map<SimDatabase.Variable, Object> values, Consumer<Packet> to) {
            to.accept(InterPackets.variables(accountId, charId, 0, true, values));
            to.accept(InterPackets.variables(accountId, charId, kind, false, values));
        }

        private void saveVariables(Packet packet) {
            int accountId = packet.i32(4);
            int charId = packet.i32(8);
            int at = 14;
            for (int i = 0; i < packet.u16(12); i++) {
                int key = packet.u8(at);
                SimDatabase.Variable variable =
                        new SimDatabase.Variable(packet.text(at + 1, key), packet.u32(at + 1 + key));
                int type = packet.u8(at + key + 5);
                at += key + 6;
                Object value = null;
                if (type == 0) {
                    value = packet.i64(at);
                    at += 8;
                } else if (type == 2) {
                    value = packet.text(at + 1, packet.u8(at));
                    at += 1 + packet.u8(at);
                }
                keep(accountId, charId, variable, value);
            }
        }

        private void keep(int accountId, int charId, SimDatabase.Variable variable, @Nullable Object value) {
            if (!variable.name().startsWith("#")) {
                database.variable(false, charId, variable, value);
            } else if (!variable.name().startsWith("##")) {
                database.variable(true, accountId, variable, value);
            } else if (value == null) {
                accounts.variables(accountId).remove(variable);
            } else {
                accounts.variables(accountId).put(variable, value);
            }
        }

        private void log(int id, boolean achievement, int charId) {
            back.accept(InterPackets.log(id, charId, database.log(achievement, charId)));
        }

        private void saveLog(int id, boolean achievement, Packet packet) {
            int charId = packet.i32(4);
            boolean saved = database.log(achievement, charId, packet.slice(8, packet.length() - 8));
            back.accept(InterPackets.logSaved(id, charId, saved));
        }

        private void items(Packet packet) {
            int type = packet.u8(2);
            int accountId = packet.i32(3);
            int owner = type == Storage.STORAGE ? accountId : packet.i32(7);
            List<Item> items = database.items(type, owner);
            Storage storage = Storage.loaded(type, owner, packet.u8(12), items == null ? List.of() : items);
            back.accept(InterPackets.items(type, accountId, items != null, storage));
        }

        private void saveItems(Packet packet) {
            int type = packet.u8(4);
            int accountId = packet.i32(5);
            int owner = type == Storage.STORAGE ? accountId : packet.i32(9);
            Storage storage = Storage.of(packet.slice(InterPackets.ITEMS_SAVE_AT, Storage.LENGTH));
            boolean saved = database.items(type, owner, storage.items(type));
            back.accept(InterPackets.itemsSaved(accountId, saved, type, storage.storageId()));
        }
    }
}
