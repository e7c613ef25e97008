package io.p2phost.relay.tap;

import io.netty.buffer.ByteBuf;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.Tap;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.Parameter;
import io.p2phost.ro.client.Vanished;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One player's tap: reads the few packets of interest where they lie, as clients of 2020-04-01 have them, and hands over
 * what it saw in batches: when one is full, a second old, or he goes.
 */
final class Eye implements Tap {
    /** Sightings of a batch. */
    static final int MOST = 64;

    static final long OLDEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Units that are not told again in the same batch; a walking monster appears with each step. */
    private static final int KNOWN = 64;

    private static final long NOT_ASKED = Long.MIN_VALUE;

    // The numbers of bytes below are those of client-packets.txt.
    private static final int MONSTER = 5;
    private static final int PICKS_UP = 1;

    private static final int UNKNOWN = -1;

    private final Cell cell;
    private final int account;
    private final Loop loop;
    private final Consumer<Sightings> out;
    private final int[] known = new int[KNOWN];
    private int[] numbers = new int[MOST * Sightings.WIDTH];
    private int length;
    private long firstAt;
    private long askedAt = NOT_ASKED;
    private int life = UNKNOWN;
    private int highestHp;
    private int highestSp;
    private boolean ended;

    Eye(Cell cell, int account, Loop loop, Consumer<Sightings> out) {
        this.cell = cell;
        this.account = account;
        this.loop = loop;
        this.out = out;
    }

    @Override
    public void fromServer(int id, ByteBuf in, int at, int size) {
        switch (id) {
            case MapToClient.UNIT_WALKS -> unit(Sightings.APPEARED, in, at, size, 75);
            case MapToClient.UNIT_IDLE -> unit(Sightings.APPEARED, in, at, size, 69);
            case MapToClient.UNIT_SPAWNED -> unit(Sightings.SPAWNED, in, at, size, 68);
            case MapToClient.VANISHED -> {
                if (in.getByte(at + 6) == Vanished.DIED) {
                    int unit = in.getIntLE(at + 2);
                    known[unit & (KNOWN - 1)] = 0;
                    add(Sightings.DIED, unit, 0, 0);
                }
            }
            case MapToClient.FLOOR_ITEM ->
                add(Sightings.FELL, in.getIntLE(at + 2), in.getIntLE(at + 6), in.getUnsignedShortLE(at + 19));
            case MapToClient.ITEM_GAIN -> {
                if (in.getByte(at + 34) == 0) {
                    add(Sightings.TAKEN, in.getIntLE(at + 6), in.getUnsignedShortLE(at + 4), 0);
                }
            }
            case MapToClient.EXP_GAIN -> gain(in, at);
            case MapToClient.OWN_WALK -> add(Sightings.WALKS, cells(in, at + 6), 0, 0);
            case MapToClient.STOPPED -> {
                if (in.getIntLE(at + 2) == account) {
                    add(Sightings.CORRECTED, 0, 0, 0);
                }
            }
            case MapToClient.DAMAGE -> {
                if (in.getByte(at + 29) == PICKS_UP) {
                    add(Sightings.PICKED, in.getIntLE(at + 6), 0, 0);
                } else {
                    damage(in.getIntLE(at + 2), in.getIntLE(at + 6), in.getIntLE(at + 22));
                }
            }
            case MapToClient.SKILL_DAMAGE -> damage(in.getIntLE(at + 4), in.getIntLE(at + 8), in.getIntLE(at + 24));
            case MapToClient.FLOOR_ITEM_GONE -> add(Sightings.GONE, in.getIntLE(at + 2), 0, 0);
            case MapToClient.PARAMETER -> vital(in.getUnsignedShortLE(at + 2), in.getIntLE(at + 4));
            case MapToClient.TIME -> {
                if (askedAt != NOT_ASKED) {
                    long micros = TimeUnit.NANOSECONDS.toMicros(loop.nanoTime() - askedAt);
                    askedAt = NOT_ASKED;
                    add(Sightings.ANSWERED, (int) Math.min(micros, Integer.MAX_VALUE), 0, 0);
                }
            }
            default -> {
                // Nothing of interest.
            }
        }
    }

    @Override
    public void fromClient(int id, ByteBuf in, int at, int size) {
        switch (id) {
            case ClientToMap.TIME_REQUEST -> askedAt = loop.nanoTime();
            case ClientToMap.USE_SKILL, ClientToMap.USE_SKILL_ON_GROUND ->
                add(Sightings.ASKS_SKILL, in.getUnsignedShortLE(at + 4), in.getUnsignedShortLE(at + 2), 0);
            default -> {
                // Nothing of interest.
            }
        }
    }

    private void unit(int what, ByteBuf in, int at, int size, int level) {
        if (size < level + 2 || in.getByte(at + 4) != MONSTER) {
            return;
        }
        int unit = in.getIntLE(at + 5);
        int slot = unit & (KNOWN - 1);
        if (what == Sightings.APPEARED && known[slot] == unit) {
            return;
        }
        add(what, unit, in.getUnsignedShortLE(at + 23), in.getUnsignedShortLE(at + level));
        known[slot] = unit;
    }

    private void gain(ByteBuf in, int at) {
        long amount = in.getLongLE(at + 6);
        if (in.getIntLE(at + 2) != account || amount <= 0) {
            return;
        }
        if (in.getUnsignedShortLE(at + 16) != 0) {
            add(Sightings.QUEST_EXP, 0, 0, 0);
        } else {
            int kind = in.getUnsignedShortLE(at + 14);
            if (kind == Parameter.BASE_EXP || kind == Parameter.JOB_EXP) {
                add(
                        kind == Parameter.BASE_EXP ? Sightings.BASE_EXP : Sightings.JOB_EXP,
                        (int) amount,
                        (int) (amount >>> Integer.SIZE),
                        0);
            }
        }
    }

    private void damage(int by, int to, int damage) {
        if (damage <= 0) {
            // Missed, or no blow at all: sitting down looks alike.
            return;
        }
        if (by == account) {
            add(Sightings.DEALS, damage, 0, 0);
        } else if (to == account) {
            add(Sightings.SUFFERS, damage, 0, 0);
        }
    }

    private void vital(int kind, int value) {
        switch (kind) {
            case Parameter.HP -> {
                if (life != UNKNOWN && value > life) {
                    add(Sightings.HEALED, value - life, 0, 0);
                }
                life = value;
                hasHp(value);
            }
            case Parameter.MOST_HP -> hasHp(value);
            case Parameter.SP, Parameter.MOST_SP -> {
                if (value > highestSp) {
                    highestSp = value;
                    add(Sightings.HAS_SP, value, 0, 0);
                }
            }
            default -> {
                // Not of interest.
            }
        }
    }

    private void hasHp(int value) {
        if (value > highestHp) {
            highestHp = value;
            add(Sightings.HAS_HP, value, 0, 0);
        }
    }

    /** How far the path in the six bytes there leads. */
    private static int cells(ByteBuf in, int at) {
        long path = (long) in.getInt(at) << 16 | in.getUnsignedShort(at + 4);
        int fromX = (int) (path >> 38) & 0x3ff;
        int fromY = (int) (path >> 28) & 0x3ff;
        int toX = (int) (path >> 18) & 0x3ff;
        int toY = (int) (path >> 8) & 0x3ff;
        return Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY));
    }

    private void add(int what, int first, int second, int third) {
        long now = loop.nanoTime();
        if (length == 0) {
            firstAt = now;
        } else if (now - firstAt >= OLDEST_NANOS) {
            flush();
            firstAt = now;
        }
        numbers[length++] = what;
        numbers[length++] = first;
        numbers[length++] = second;
        numbers[length++] = third;
        if (length == numbers.length) {
            flush();
        }
    }

    private void flush() {
        if (length > 0 && !ended) {
            out.accept(new Sightings(cell, account, numbers, length));
            numbers = new int[MOST * Sightings.WIDTH];
            length = 0;
            Arrays.fill(known, 0);
        }
    }

    @Override
    public void end() {
        flush();
        ended = true;
    }
}
