package io.p2phost.assignment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The five seed documents, word for word. */
public final class Seeds {
    private static final Pattern BLOCK = Pattern.compile("```(\\w*)\\n(.*?)```", Pattern.DOTALL);

    private Seeds() {}

    public static String text(int seed) {
        String name = "/seeds/seed-00" + seed + ".txt";
        try (InputStream in = Objects.requireNonNull(Seeds.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A fenced block. */
    public record Block(String language, String text) {}

    /** The fenced blocks of a document, in order. */
    public static List<Block> blocks(int seed) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text(seed));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    /** The n-th block in that language. */
    public static String block(int seed, String language, int n) {
        return blocks(seed).stream()
                .filter(block -> block.language().equals(language))
                .skip(n)
                .findFirst()
                .orElseThrow()
                .text();
    }
}
