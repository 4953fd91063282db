package io.github.milvusupgrade.examples.tooling;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call of the command, and all that it said. */
record CalledTool(ExitCode exitCode, String out, String err) {

    /** Called where nobody looks, as on a build server. */
    static CalledTool with(String... args) {
        return call(new Terminal.Nobody(), args);
    }

    /** Called by somebody who gives this answer to every question. */
    static CalledTool answering(String answer, String... args) {
        return call(new Answering(answer), args);
    }

    /** What the first line says that begins like this. */
    String after(String prefix) {
        return out.lines()
                .filter(line -> line.startsWith(prefix))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line begins with \"" + prefix + "\" in:\n" + out))
                .substring(prefix.length());
    }

    private static CalledTool call(Terminal terminal, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode exitCode = new PlatformTooling(print(out), print(err), terminal).run(args);
        return new CalledTool(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private record Answering(@Nullable String answer) implements Terminal {

        @Override
        public boolean isLive() {
            return true;
        }

        @Override
        public Optional<String> ask(String question) {
            return Optional.ofNullable(answer);
        }
    }
}
