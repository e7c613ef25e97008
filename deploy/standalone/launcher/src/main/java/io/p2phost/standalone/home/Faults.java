package io.p2phost.standalone.home;

import io.p2phost.standalone.Refusal;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns faults of the machine into sentences. */
public final class Faults {
    private Faults() {}

    /** The refusal for a failed write below {@code path}. */
    public static Refusal writing(Path path, Exception e) {
        if (diskFull(e)) {
            return new Refusal("The disk that holds " + path + " is full: free some space and start again.", e);
        }
        if (e instanceof AccessDeniedException) {
            return new Refusal("Cannot write to " + path + ": permission denied (expected: a folder of this user).", e);
        }
        return new Refusal("Cannot write to " + path + ": " + rootMessage(e) + ".", e);
    }

    public static boolean diskFull(@Nullable Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (diskFull(t.getMessage())) {
                return true;
            }
        }
        return false;
    }

    /** Whether the text is the operating system's word for a full disk. */
    public static boolean diskFull(@Nullable String text) {
        return text != null && text.toLowerCase(Locale.ROOT).contains("no space left on device");
    }

    /** The innermost message: what really went wrong, without the wrapping. */
    public static String rootMessage(Throwable e) {
        Throwable root = e;
        for (int depth = 0; root.getCause() != null && depth < 50; depth++) {
            root = root.getCause();
        }
        String message = root.getMessage();
        if (message == null || message.isBlank()) {
            return root.getClass().getSimpleName();
        }
        String firstLine = message.strip().lines().findFirst().orElse("");
        return root instanceof ClassNotFoundException || root instanceof LinkageError
                ? root.getClass().getSimpleName() + ": " + firstLine
                : firstLine;
    }
}
