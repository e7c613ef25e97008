package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import java.util.HashSet;
import java.util.Set;

/** One connection of a map-server to this service. */
public final class MapServer {
    /** How far its login is. */
    public enum Login {
        /** Nothing yet. */
        CONNECTED,
        /** Its login waits until the char-server has accepted ours once. */
        WAITING,
        /** It may announce its maps. */
        LOGGED_IN,
        /** It may have players. */
        ANNOUNCED
    }

    private ServerKey key;
    private boolean standby;
    private final Wire wire;
    private final Set<String> maps = new HashSet<>();

    Login login = Login.CONNECTED;
    int users;

    MapServer(ServerKey key, boolean standby, Wire wire) {
        this.key = key;
        this.standby = standby;
        this.wire = wire;
    }

    public ServerKey key() {
        return key;
    }

    /** Its host owns the map from now on. */
    void promote(ServerKey.Cell owner) {
        key = owner;
        standby = false;
    }

    /** A standby is answered here and may act for nobody. */
    boolean isStandby() {
        return standby;
    }

    boolean isOnHost() {
        return key instanceof ServerKey.Cell;
    }

    /** Maps that it announced. */
    Set<String> maps() {
        return maps;
    }

    boolean hasPlayers() {
        return login == Login.ANNOUNCED && !standby;
    }

    void send(Packet packet) {
        wire.send(packet);
    }

    /** Whether an answer of it can be expected. */
    boolean isFlowing() {
        return wire.isFlowing();
    }

    void close(String reason) {
        wire.close(reason);
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
