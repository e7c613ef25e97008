package io.p2phost.agent.cell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Starts processes that end with the agent. */
interface Launcher {
    /**
     * What is started.
     *
     * @param folder its working folder
     */
    record Command(List<String> words, Path folder, Map<String, String> environment) {}

    /**
     * Starts it.
     *
     * @param output where its output goes
     * @param ended gets its exit code, once
     */
    Running start(Command command, CellLog output, IntConsumer ended) throws IOException;

    /** A process that was started. */
    interface Running {
        long pid();

        boolean alive();

        /** SIGTERM. */
        void terminate();

        /** SIGKILL. */
        void kill();
    }
}
