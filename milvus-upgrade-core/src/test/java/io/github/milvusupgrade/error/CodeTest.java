package io.github.milvusupgrade.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodeTest {

    @ParameterizedTest
    @EnumSource
    void aCodeIsPrintedAsItsIdAndMeansOneSentence(Code code) {
        assertThat(code.id()).matches("MU-[1-7]\\d\\d");
        assertThat(code).hasToString(code.id());
        assertThat(code.meaning()).matches("[A-Z].*\\.");
    }

    @Test
    void noIdIsUsedTwice() {
        assertThat(Stream.of(Code.values()).map(Code::id)).doesNotHaveDuplicates();
    }

    @Test
    void anExceptionHasACodeForMachinesAndAMessageForPeople() {
        Exception cause = new IllegalStateException("no route to host");

        UpgradeException exception = new UpgradeException(Code.API_UNREACHABLE, "Cannot reach the API server.", cause);

        assertThat(exception.code()).isEqualTo(Code.API_UNREACHABLE);
        assertThat(exception).hasMessage("Cannot reach the API server.").hasCause(cause);
        assertThat(new UpgradeException(Code.CANCELLED, "Cancelled."))
                .hasMessage("Cancelled.")
                .hasNoCause();
    }
}
