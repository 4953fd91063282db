package io.github.milvusupgrade.examples.tooling;

import java.io.Console;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The person at the other end, if there is one. */
interface Terminal {

    /** Whether somebody looks at the output, so that lines may be redrawn. */
    boolean isLive();

    /** The answer to a question; empty if nobody is there to answer. */
    Optional<String> ask(String question);

    /** The terminal of this process. */
    static Terminal ofProcess() {
        Console console = System.console();
        return console != null && isTerminal(console) ? new OfConsole(console) : new Nobody();
    }

    /** Before Java 22 there is a console on a terminal only; since then it may be redirected, and can tell. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Console.isTerminal exists but cannot be called", e);
        }
    }

    /** A person. */
    record OfConsole(Console console) implements Terminal {

        @Override
        public boolean isLive() {
            return true;
        }

        @Override
        public Optional<String> ask(String question) {
            @Nullable String answer = console.readLine("%s", question);
            return Optional.ofNullable(answer);
        }
    }

    /** A pipe, a file, a build server. */
    record Nobody() implements Terminal {

        @Override
        public boolean isLive() {
            return false;
        }

        @Override
        public Optional<String> ask(String question) {
            return Optional.empty();
        }
    }
}
