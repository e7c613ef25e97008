package io.p2phost.ro.sim;

/** The few commands a story needs. Wrong ones are answered, never carried out. */
final class AtCommands {
    private final PlayerActions actions;

    AtCommands(PlayerActions actions) {
        this.actions = actions;
    }

    void run(Player player, String line) {
        String[] words = line.split(" ");
        try {
            actions.tell(player, apply(player, words));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            actions.tell(player, words[0] + " failed.");
        }
    }

    private String apply(Player player, String[] words) {
        return switch (words[0]) {
            case "@zeny" -> {
                actions.zeny(player, Long.parseLong(words[1]));
                yield "Current amount of zeny changed.";
            }
            case "@item" -> {
                int amount = words.length > 2 ? Integer.parseInt(words[2]) : 1;
                actions.item(player, Integer.parseInt(words[1]), Math.clamp(amount, 1, 30_000));
                yield "Item created.";
            }
            case "@blvl" -> {
                actions.level(player, player.status.baseLevel() + Integer.parseInt(words[1]));
                yield "Base level raised.";
            }
            case "@storage" -> {
                actions.openStorage(player);
                yield "Storage opened.";
            }
            case "@set" -> {
                player.variable(words[1], Long.parseLong(words[2]));
                yield words[1] + " is now " + words[2] + ".";
            }
            case "@warp" -> warp(player, new Point(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3])));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    /** Never leaves this map-server. */
    private String warp(Player player, Point to) {
        if (!actions.has(to.map())) {
            return "Map not found.";
        }
        actions.warp(player, to);
        return "Warped.";
    }
}
