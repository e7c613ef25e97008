package io.p2phost.dbproxy.sessions;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.ServerKey;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.dbproxy.mux.SessionState;
import java.util.Random;

/** Sessions to store. */
public final class TestRows {
    public static final MapName MAP = new MapName("prt_fild08");
    public static final ServerKey.Cell CELL =
            new ServerKey.Cell(HostId.of("5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11"), MAP, Epoch.of(7));
    private static final int RECORD = 8_856;

    private TestRows() {}

    public static SessionRow row(int account, long number) {
        return row(account, number, 0);
    }

    /** A row; {@code x} tells those of one number apart. */
    public static SessionRow row(int account, long number, int x) {
        return new SessionRow(
                account,
                account + 100_000,
                number,
                SessionState.PLAYING,
                CELL,
                MAP,
                x,
                360,
                0x9234_5678,
                -1,
                1,
                Integer.MAX_VALUE,
                99,
                0xcb00_7107,
                "M\u00f6rder' \u00ff",
                12,
                13,
                "relay-1",
                number,
                account % 2 == 1,
                account % 3 == 1,
                "PET:7 MERCENARY:3",
                account % 2 == 1 ? "1 4001:2:1;2" : null,
                null,
                record(account));
    }

    /** On his way to core, which he left for from there. */
    public static SessionRow leaving(int account, ServerKey from) {
        return new SessionRow(
                account,
                account + 100_000,
                3,
                SessionState.LEAVING,
                ServerKey.CORE,
                new MapName("prontera"),
                150,
                180,
                1,
                2,
                0,
                0,
                0,
                0,
                "",
                0,
                0,
                null,
                -1,
                false,
                false,
                "",
                "",
                from instanceof ServerKey.Core
                        ? new SessionRow.Leaving(record(account + 1), null, null)
                        : new SessionRow.Leaving(record(account + 1), from, MAP),
                new byte[0]);
    }

    private static byte[] record(int seed) {
        byte[] record = new byte[RECORD];
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            record[random.nextInt(RECORD)] = (byte) random.nextInt();
        }
        return record;
    }
}
