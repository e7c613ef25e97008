package io.p2phost.cli.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds passwords and the like. It names their place and never shows them. */
final class Secrets {
    /** Settings whose value is a secret by their name; in conf files. */
    private static final Pattern SECRET_NAME =
            Pattern.compile("userid|passwd|.*password.*|.*_pw|.*_passwd|.*secret.*|.*token|.*api_?key|.*webhook.*");

    /** Settings of SQL and of the way to it. */
    private static final Pattern SQL_NAME =
            Pattern.compile("(.*_server|ipban_db|log_db|.*sql)_(ip|port|id|db|user|username|hostname)");

    /** What is one wherever it stands. */
    private static final Pattern ANYWHERE = Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----"
            + "|[a-z]{2,10}://[^/\\s:@\"]{1,64}:[^/\\s:@\"]{1,64}@"
            + "|https://(?:\\w+\\.)?discord(?:app)?\\.com/api/webhooks/\\d+");

    /** The stock tree's own values are known to everybody, but name the same doors. */
    private static final Set<String> NOTHING = Set.of("", "no", "off", "0", "none");

    private Secrets() {}

    static List<Secret> of(Tree tree, Shipping shipping, List<String> scripts) {
        List<Secret> found = new ArrayList<>();
        for (String file : tree.below("conf")) {
            if (file.endsWith(".md")) {
                continue;
            }
            tree.text(file).ifPresent(text -> conf(file, text, shipping.ships(file), found));
        }
        for (String file : shipping.texts()) {
            tree.text(file).ifPresent(text -> anywhere(file, text, true, found));
        }
        for (String file : scripts) {
            tree.text(file).ifPresent(text -> anywhere(file, text, true, found));
        }
        return found.stream().distinct().toList();
    }

    private static void conf(String file, String text, boolean shipped, List<Secret> found) {
        for (Tree.Setting setting : Tree.settings(text)) {
            boolean secret = !setting.name().startsWith("use_")
                    && (SECRET_NAME.matcher(setting.name()).matches()
                            || SQL_NAME.matcher(setting.name()).matches());
            if (secret && !NOTHING.contains(setting.value()) && !file.contains("/msg_conf/")) {
                found.add(new Secret(file, setting.line(), Words.shown(setting.name()), shipped));
            }
        }
        anywhere(file, text, shipped, found);
    }

    private static void anywhere(String file, String text, boolean shipped, List<Secret> found) {
        if (!text.contains("://") && !text.contains("-----BEGIN")) {
            return;
        }
        Matcher secret = ANYWHERE.matcher(text);
        while (secret.find()) {
            int line = 1
                    + (int) text.substring(0, secret.start())
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            String what = secret.group().startsWith("-----")
                    ? "private key"
                    : secret.group().contains("webhooks") ? "webhook" : "address with a password";
            found.add(new Secret(file, line, what, shipped));
        }
    }
}
