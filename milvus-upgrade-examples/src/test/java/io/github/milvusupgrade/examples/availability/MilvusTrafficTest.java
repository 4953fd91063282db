package io.github.milvusupgrade.examples.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the official SDK does with the answers of a Milvus. */
class MilvusTrafficTest {

    private final FakeMilvus milvus;
    private final MilvusTraffic traffic;

    MilvusTrafficTest() throws IOException {
        milvus = new FakeMilvus();
        traffic = MilvusTraffic.connect("localhost", milvus.port(), "watched_upgrade_1");
    }

    @AfterEach
    void close() {
        milvus.recover();
        traffic.close();
        milvus.close();
    }

    @Test
    void everyAcknowledgedRowIsCounted() {
        for (int i = 0; i < 150; i++) {
            traffic.insert();
        }
        traffic.search();

        assertThat(traffic.count()).isEqualTo(new RowCount(1_510, 0, 0));
    }

    @Test
    void aRowThatIsLostIsMissing() {
        milvus.lose(3);

        assertThat(traffic.count()).isEqualTo(new RowCount(10, 1, 0));
        traffic.close();
        assertThat(milvus.hasCollection()).as("kept for whoever wants to look").isTrue();
    }

    @Test
    void anInsertThatIsRefusedIsAFailureAndNoRow() {
        milvus.refuse("rate limited");

        assertThatThrownBy(traffic::insert).hasMessageContaining("rate limited");
        assertThat(traffic.count()).isEqualTo(new RowCount(10, 0, 0));
    }

    @Test
    void anInsertWhoseAnswerIsLostIsAFailureAndItsRowsAreCountedApart() {
        milvus.loseAnswers();
        assertThatThrownBy(traffic::insert).hasMessageContaining("UNAVAILABLE");
        milvus.recover();
        milvus.lose(3);

        assertThat(traffic.count())
                .as("rows whose answer was lost do not make up for lost rows")
                .isEqualTo(new RowCount(10, 1, 10));
    }

    @Test
    void aSearchThatFindsNothingIsAFailure() {
        for (long row = 0; row < 10; row++) {
            milvus.lose(row);
        }

        assertThatThrownBy(traffic::search).hasMessage("The search found nothing, although there are rows.");
    }

    @Test
    void aCollectionWithAllItsRowsGoesInTheEnd() {
        traffic.count();
        traffic.close();

        assertThat(milvus.hasCollection()).isFalse();
    }
}
