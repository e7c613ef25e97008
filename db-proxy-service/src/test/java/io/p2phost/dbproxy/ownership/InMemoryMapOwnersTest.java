package io.p2phost.dbproxy.ownership;

import java.util.List;

class InMemoryMapOwnersTest extends MapOwnersContract {
    private final MapOwners owners = new InMemoryMapOwners();

    @Override
    List<MapOwners> instances() {
        return List.of(owners);
    }
}
