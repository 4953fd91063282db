package io.github.milvusupgrade.step;

/** What a {@link Gate} says when it is asked. */
public sealed interface GateAnswer {

    /** One line for people: what was seen, what is missing, or why nothing can be seen. */
    String summary();

    /** All is as it has to be. */
    static GateAnswer passed(String seen) {
        return new Passed(seen);
    }

    /**
     * Something is missing, which may come. As long as what is missing changes from one answer to the next, the budget
     * of the gate begins anew: name numbers that go down.
     */
    static GateAnswer notYet(String missing) {
        return new NotYet(missing);
    }

    /**
     * It cannot be told, for a reason that will hardly pass: no permission, nobody who answers, an answer that is not
     * understood. The run then waits for a while instead, and the report warns of it.
     */
    static GateAnswer cannotBeSeen(String why) {
        return new CannotBeSeen(why);
    }

    /** See {@link GateAnswer#passed}. */
    record Passed(String summary) implements GateAnswer {}

    /** See {@link GateAnswer#notYet}. */
    record NotYet(String summary) implements GateAnswer {}

    /** See {@link GateAnswer#cannotBeSeen}. */
    record CannotBeSeen(String summary) implements GateAnswer {}
}
