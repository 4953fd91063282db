package io.github.milvusupgrade.k8s.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.probe.Metrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What of the collections that old query nodes served is still missing on new ones, in a time that the test makes. */
class CollectionHandOverTest {

    private final FakeTime time = new FakeTime();
    private final CollectionHandOver handOver = new CollectionHandOver(time);
    private final Map<String, String> facts = new HashMap<>();

    @Test
    void nothingIsMissingOnceEveryCollectionIsConsumedAndItsSealedSegmentsAreThere() {
        before(consumes(7), seals(7), consumes(8), grows(8));

        assertThat(missing(consumes(7), seals(7), consumes(8))).isEmpty();
    }

    @Test
    void aNodeThatConsumesNothingServesNothing() {
        before(consumes(7), seals(7));

        assertThat(missing(seals(7))).hasValue("none consumes a channel of what is loaded");
    }

    @Test
    void readingDeletionsIsNotServing() {
        before(consumes(7), seals(7));

        assertThat(missing(lag(7, "delete"), seals(7))).hasValue("none consumes a channel of what is loaded");
    }

    @Test
    void eachCollectionIsNamedAndManyAreCounted() {
        before(consumes(1), consumes(7), seals(7), consumes(8), seals(8), consumes(9), seals(9));

        assertThat(missing(consumes(1), consumes(9)))
                .hasValue(
                        "none consumes a channel of collection 7, none consumes a channel of collection 8, none holds a"
                                + " sealed segment of collection 7, and 2 more");
    }

    @Test
    void aCollectionThatHadNoSegmentMayHaveBeenReleasedBefore() {
        before(consumes(7), seals(7), consumes(8));

        assertThat(missing(consumes(7), seals(7))).isEmpty();
    }

    @Test
    void releasesExcuseAsManyAsTheyAreOnceNothingHasChangedForAWhile() {
        before(consumes(7), grows(7), consumes(8), grows(8), consumes(9), grows(9));
        released(40, 41);
        missing(consumes(7));

        time.seconds(29);
        assertThat(missing(consumes(7), consumes(8))).isPresent();
        time.seconds(29);
        assertThat(missing(consumes(7), consumes(8))).hasValue("none consumes a channel of collection 9");
        time.seconds(2);
        assertThat(missing(consumes(7), consumes(8))).isEmpty();
    }

    @Test
    void whatWasNotReleasedIsWaitedForAsLongAsTheGateMayWait() {
        before(consumes(7), grows(7), consumes(8), grows(8));
        released(40, 40);

        assertThat(missing(consumes(7))).isPresent();
        time.seconds(3600);
        assertThat(missing(consumes(7))).hasValue("none consumes a channel of collection 8");
    }

    @Test
    void aCoordinatorThatBeganToCountAgainCountsFromZero() {
        before(consumes(7), grows(7), consumes(8), grows(8));
        released(40, 1);
        missing(consumes(7));
        time.seconds(31);

        assertThat(missing(consumes(7))).isEmpty();
    }

    private Metrics coordinator = metrics();

    private void before(String... samples) {
        facts.putAll(CollectionHandOver.remembered(ServedCollections.loadedIn(metrics(samples))));
    }

    private void released(int before, int now) {
        facts.putAll(CollectionHandOver.remembered(releases(before)));
        coordinator = releases(now);
    }

    private static Metrics releases(int count) {
        return metrics(
                "# TYPE milvus_querycoord_release_req_count counter",
                "milvus_querycoord_release_req_count{status=\"success\"} " + count,
                "milvus_querycoord_release_req_count{status=\"fail\"} 9");
    }

    private static Metrics metrics(String... lines) {
        return Metrics.parse(String.join("\n", lines));
    }

    private Optional<String> missing(String... samples) {
        return handOver.missing(ServedCollections.of(metrics(samples)), coordinator, facts);
    }

    private static String consumes(int collection) {
        return lag(collection, "insert");
    }

    private static String lag(int collection, String messages) {
        return "# TYPE milvus_querynode_consume_tt_lag_ms gauge\n"
                + "milvus_querynode_consume_tt_lag_ms{collection_id=\"" + collection + "\",msg_type=\"" + messages
                + "\",node_id=\"3\"} 201";
    }

    private static String seals(int collection) {
        return segments(collection, "Sealed");
    }

    private static String grows(int collection) {
        return segments(collection, "Growing");
    }

    private static String segments(int collection, String state) {
        return "# TYPE milvus_querynode_segment_num gauge\n" + "milvus_querynode_segment_num{collection_id=\""
                + collection + "\",node_id=\"3\",segment_state=\"" + state + "\"} 2";
    }

    private static final class FakeTime implements Time {
        private long nanos;

        void seconds(int seconds) {
            nanos += Duration.ofSeconds(seconds).toNanos();
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void sleep(Duration duration) {
            throw new AssertionError("nothing is waited for");
        }
    }
}
