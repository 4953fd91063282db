package io.github.milvusupgrade;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the library says no to: the code for machines, and the whole message for people. */
final class RefusalAssert {

    private RefusalAssert() {}

    static void assertRefused(ThrowingCallable call, Code code, String message) {
        Assertions.assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        UpgradeException.class,
                        e -> Assertions.assertThat(e.code()).isEqualTo(code))
                .hasMessage(message);
    }
}
