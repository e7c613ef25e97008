package io.p2phost.agent.command;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import io.p2phost.agent.cell.Confinement;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.ConsentFile;
import io.p2phost.agent.home.HostNodeConf;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an owner must agree to before the first program of the server's operator runs on his machine. */
final class Consent {
    /** Grows with every change of what the text says: he is asked again. */
    static final int VERSION = 1;

    private static final int USUAL_MAPS = 5;

    private Consent() {}

    /** How he is asked. */
    interface Asking {
        /** His answer to the text; null where nobody can answer. */
        @Nullable
        String answer(String text);
    }

    /** On a terminal he is asked; elsewhere nobody is there to agree. */
    static final Asking ON_TERMINAL = text -> Console.ask(text + System.lineSeparator() + "Do you agree? [y/N] ");

    static ConsentFile file(AgentHome home) {
        return new ConsentFile(home.consentFile());
    }

    static String text(HostNodeConf conf, Confinement confinement, Locale locale) {
        String resource = locale.getLanguage().equals("de") ? "consent_de.txt" : "consent.txt";
        String notes = confinement.describe().stream().map(note -> "  " + note).collect(Collectors.joining("\n"));
        return read(resource)
                .replace("{0}", Integer.toString(conf.maxMaps().orElse(USUAL_MAPS)))
                .replace("{1}", notes);
    }

    private static String read(String resource) {
        try (InputStream in = Consent.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not in the archive");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns when he has agreed, now or before.
     *
     * @param accepted he said so on the command line
     */
    static void require(
            AgentHome home,
            HostNodeConf conf,
            Confinement confinement,
            boolean accepted,
            Asking asking,
            PrintWriter out,
            Instant now) {
        ConsentFile file = file(home);
        if (file.isGiven(VERSION)) {
            return;
        }
        String text = text(conf, confinement, Locale.getDefault());
        if (accepted) {
            out.println(text);
        } else {
            String answer = asking.answer(text);
            if (answer == null) {
                throw new AgentFailure(
                        ExitCode.NO_CONSENT,
                        "consent: not given yet (expected: read p2p-host consent --home DIR, then give it with --accept)");
            }
            if (!answer.strip().toLowerCase(Locale.ROOT).matches("y|yes|j|ja")) {
                throw new AgentFailure(ExitCode.NO_CONSENT, "consent: not given, nothing runs");
            }
        }
        file.give(VERSION, now);
    }
}
