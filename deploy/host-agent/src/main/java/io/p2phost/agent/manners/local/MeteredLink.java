package io.p2phost.agent.manners.local;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether NetworkManager calls a connected device metered. */
class MeteredLink {
    private final SystemQuery system;

    MeteredLink(SystemQuery system) {
        this.system = system;
    }

    /** Null where NetworkManager does not run or cannot tell. A guessed "yes" counts as one: it is somebody's money. */
    @Nullable
    Boolean metered() {
        Optional<String> answer = system.ask(
                List.of("nmcli", "--terse", "--get-values", "GENERAL.STATE,GENERAL.METERED", "device", "show"));
        return answer.map(MeteredLink::read).orElse(null);
    }

    /** Per device, on one line or two, its state, which begins with its number (100: connected), and its answer: yes or no, perhaps guessed. */
    private static @Nullable Boolean read(String text) {
        Boolean metered = null;
        boolean connected = false;
        for (String line : text.split("[\\n:]", -1)) {
            String word = line.strip();
            if (!word.isEmpty() && Character.isDigit(word.charAt(0))) {
                connected = word.startsWith("100");
            } else if (connected && word.startsWith("yes")) {
                return true;
            } else if (connected && word.startsWith("no")) {
                metered = false;
            }
        }
        return metered;
    }
}
