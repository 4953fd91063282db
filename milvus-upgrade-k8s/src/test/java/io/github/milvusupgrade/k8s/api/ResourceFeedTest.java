package io.github.milvusupgrade.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import io.github.milvusupgrade.k8s.api.ScriptedApiServer.LiveWatch;
import io.github.milvusupgrade.k8s.api.ScriptedApiServer.Seen;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However a watch ends, breaks or goes silent: the feed shows what is there, and asks for no more than it must. */
class ResourceFeedTest extends KubeApiFixture {

    private static final Selection PODS = Selection.all(Resource.PODS, "default");

    private ChangeSignal signal;
    private ResourceFeed feed;

    @BeforeEach
    void newSignal() {
        signal = new ChangeSignal();
    }

    @AfterEach
    void closeFeed() {
        if (feed != null) {
            feed.close();
        }
    }

    private void follow(String... pods) {
        lists("10", pods);
        feed = api.follow(PODS, signal);
    }

    private void lists(String resourceVersion, String... pods) {
        server.answers(
                200,
                "{\"metadata\":{\"resourceVersion\":\"%s\"},\"items\":%s}"
                        .formatted(resourceVersion, Stream.of(pods).collect(Collectors.joining(",", "[", "]"))));
    }

    private static String pod(String name, int resourceVersion) {
        return podOf("uid-" + name, name, resourceVersion);
    }

    private static String podOf(String uid, String name, int resourceVersion) {
        return "{\"metadata\":{\"name\":\"%s\",\"uid\":\"%s\",\"resourceVersion\":\"%d\"}}"
                .formatted(name, uid, resourceVersion);
    }

    private List<String> known() {
        return feed.objects().values().stream()
                .map(pod -> pod.path("metadata").path("name").asText() + "@"
                        + pod.path("metadata").path("resourceVersion").asText())
                .toList();
    }

    private void awaitKnown(String... expected) {
        await(() -> known().equals(List.of(expected)));
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(2))
                .until(condition);
    }

    private List<String> watchedFrom() {
        return server.seenWatches().stream()
                .map(watch -> watch.query().get("resourceVersion"))
                .toList();
    }

    private Deadline soon() {
        return Deadline.after(Duration.ofSeconds(5), time);
    }

    @Test
    void allThatIsThereIsKnownBeforeTheFeedExists() {
        follow(pod("a", 3), pod("b", 4));

        assertThat(known()).containsExactly("a@3", "b@4");
        await(() -> watchedFrom().equals(List.of("10")));
        assertThat(server.seen()).hasSize(2);
    }

    @Test
    void changesAreTakenAndSignalled() throws InterruptedException {
        LiveWatch watch = server.watch();
        follow(pod("a", 3), pod("b", 4));
        long seen = signal.count();

        watch.says("MODIFIED", pod("a", 11)).says("DELETED", pod("b", 12)).says("ADDED", pod("c", 13));

        assertThat(signal.awaitChangeSince(seen, Duration.ofSeconds(10))).isTrue();
        awaitKnown("a@11", "c@13");
    }

    @Test
    void feedCannotBeStartedWithoutAccess() {
        server.fails(403, "Forbidden", "User \"ci\" cannot list resource \"pods\"");

        assertThat(failureOf(() -> api.follow(PODS, signal)).kind()).isEqualTo(Kind.FORBIDDEN);
    }

    @Test
    void fault07WatchThatEndsIsContinuedFromWhereItWas() {
        LiveWatch first = server.watch();
        LiveWatch second = server.watch();
        follow();

        first.says("ADDED", pod("a", 11))
                .says("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"20\"}}")
                .ends();
        second.says("MODIFIED", pod("a", 21));

        awaitKnown("a@21");
        assertThat(watchedFrom()).containsExactly("10", "20");
        assertThat(time.slept()).isZero();
    }

    @Test
    void fault07WatchThatBreaksIsContinuedFromWhereItWas() {
        LiveWatch first = server.watch();
        LiveWatch second = server.watch();
        follow();

        first.says("ADDED", pod("a", 11)).saysRaw("{\"type\":\"MOD").breaks();
        second.says("MODIFIED", pod("a", 21));

        awaitKnown("a@21");
        assertThat(watchedFrom()).containsExactly("10", "11");
    }

    @Test
    void fault07SameEventAgainIsNoNews() {
        LiveWatch watch = server.watch();
        follow(pod("a", 3));
        long seen = signal.count();

        watch.says("ADDED", pod("a", 3)).says("DELETED", pod("z", 5)).says("MODIFIED", pod("a", 11));

        awaitKnown("a@11");
        assertThat(signal.count()).isEqualTo(seen + 1);
    }

    @Test
    void fault08TooOldWatchIsBegunWithANewList() {
        LiveWatch first = server.watch();
        LiveWatch second = server.watch();
        follow(pod("a", 3), pod("b", 4));
        lists("50", pod("b", 4), pod("c", 40));

        first.says("ERROR", ScriptedApiServer.status(410, "Expired", "too old resource version"));

        awaitKnown("b@4", "c@40");
        second.says("MODIFIED", pod("c", 51));
        awaitKnown("b@4", "c@51");
        assertThat(watchedFrom()).containsExactly("10", "50");
    }

    @Test
    void fault08ServerThatForgetsAtOnceIsNotHammered() {
        for (int i = 0; i < 4; i++) {
            server.watch().refused(410, "Expired", "too old resource version");
            lists("1" + i);
        }
        LiveWatch last = server.watch();
        follow();

        last.says("ADDED", pod("a", 60));

        awaitKnown("a@60");
        assertThat(time.sleeps().stream().filter(pause -> !pause.isZero())).hasSize(3);
    }

    @Test
    void fault09SilentlyDeadWatchIsFoundOutByAList() {
        follow(pod("a", 3));
        await(() -> watchedFrom().size() == 1);
        lists("90", pod("a", 80));

        time.pass(Duration.ofSeconds(29));
        feed.refreshIfSilent(soon());
        assertThat(known()).containsExactly("a@3");

        time.pass(Duration.ofSeconds(1));
        feed.refreshIfSilent(soon());

        assertThat(known()).containsExactly("a@80");
        await(() -> watchedFrom().equals(List.of("10", "90")));
    }

    @Test
    void fault09SilentWatchThatMissedNothingIsLeftAlone() {
        LiveWatch watch = server.watch();
        follow(pod("a", 3));
        await(() -> watchedFrom().size() == 1);
        lists("90", pod("a", 3));
        time.pass(Duration.ofSeconds(30));

        feed.refreshIfSilent(soon());
        feed.refreshIfSilent(soon());

        watch.says("MODIFIED", pod("a", 91));
        awaitKnown("a@91");
        assertThat(server.seen()).hasSize(3);
    }

    @Test
    void fault09BookmarksAreSignsOfLife() {
        LiveWatch watch = server.watch();
        follow();
        time.pass(Duration.ofSeconds(40));

        watch.says("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"20\"}}");

        await(() -> feed.silence().isZero());
        feed.refreshIfSilent(soon());
        assertThat(server.seen().stream().map(Seen::query).filter(query -> !query.containsKey("watch")))
                .hasSize(1);
    }

    @Test
    void fault09ListThatIsOlderThanTheWatchIsNotTaken() {
        LiveWatch watch = server.watch();
        follow(pod("a", 3));
        server.does(exchange -> {
            watch.says("MODIFIED", pod("a", 11));
            await(() -> known().equals(List.of("a@11")));
            String stale = "{\"metadata\":{\"resourceVersion\":\"10\"},\"items\":[" + pod("a", 3) + "]}";
            exchange.sendResponseHeaders(200, stale.length());
            exchange.getResponseBody().write(stale.getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });

        feed.refresh(soon());

        assertThat(known()).containsExactly("a@11");
    }

    @Test
    void fault10DeletionOfAFormerObjectOfTheNameIsNotOfThisOne() {
        LiveWatch watch = server.watch();
        follow();

        watch.says("ADDED", podOf("new", "a", 12))
                .says("DELETED", podOf("old", "a", 11))
                .says("ADDED", pod("b", 13));

        awaitKnown("a@12", "b@13");
    }

    @Test
    void fault16WatchThatIsForbiddenReachesWhoeverWaits() throws InterruptedException {
        server.watch().refused(403, "Forbidden", "User \"ci\" cannot watch resource \"pods\"");
        follow(pod("a", 3));

        signal.awaitChangeSince(1, Duration.ofSeconds(10));

        assertThatThrownBy(() -> feed.objects())
                .isInstanceOf(KubeApiException.class)
                .hasMessage("Kubernetes refused watch pods default: forbidden (403):"
                        + " User \"ci\" cannot watch resource \"pods\"\n"
                        + "  Grant the account the verb \"watch\" on pods in namespace default.");
        assertThatThrownBy(() -> feed.refresh(soon())).isInstanceOf(KubeApiException.class);
        assertThat(watchedFrom()).hasSize(1);
    }

    @Test
    void fault15ExpiredTokenIsRetriedOnceThenReachesWhoeverWaits() {
        server.watch().refused(401, "Unauthorized", "Unauthorized");
        server.watch().refused(401, "Unauthorized", "Unauthorized");
        follow();

        await(() -> {
            try {
                feed.objects();
                return false;
            } catch (KubeApiException e) {
                return e.is(Kind.UNAUTHORIZED);
            }
        });
        assertThat(watchedFrom()).hasSize(2);
    }

    @Test
    void fault21OutageIsRiddenThroughWithGrowingPauses() {
        for (int i = 0; i < 5; i++) {
            server.watch().refused(503, "ServiceUnavailable", "apiserver is shutting down");
        }
        LiveWatch back = server.watch();
        follow();

        back.says("ADDED", pod("a", 11));

        awaitKnown("a@11");
        assertThat(time.sleeps()).hasSize(5);
        assertThat(time.slept()).isBetween(Duration.ofMillis(3_100), Duration.ofMillis(9_300));
        assertThat(watchedFrom()).containsOnly("10");
    }

    @Test
    void fault25ProxyThatEndsEachWatchAtOnceIsNotHammered() {
        for (int i = 0; i < 4; i++) {
            server.watch().ends();
        }
        LiveWatch last = server.watch();
        follow();

        last.says("ADDED", pod("a", 11));

        awaitKnown("a@11");
        assertThat(time.sleeps().stream().filter(pause -> !pause.isZero())).hasSize(3);
    }

    @Test
    void closedFeedLeavesNoThreadAndKeepsWhatItKnew() {
        follow(pod("a", 3));
        await(() -> watchedFrom().size() == 1);

        feed.close();

        await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("milvus-upgrade watch pods default")));
        assertThat(known()).containsExactly("a@3");
        assertThat(server.seenWatches()).hasSize(1);
    }

    @Test
    void twoFeedsCanBeAwaitedTogether() throws InterruptedException {
        LiveWatch watch = server.watch();
        follow();
        await(() -> watchedFrom().size() == 1);
        LiveWatch other = server.watch();
        lists("10");
        try (ResourceFeed deployments = api.follow(Selection.all(Resource.DEPLOYMENTS, "default"), signal)) {
            long seen = signal.count();
            other.says("ADDED", pod("d", 11));
            assertThat(signal.awaitChangeSince(seen, Duration.ofSeconds(10))).isTrue();
            assertThat(deployments.objects()).containsOnlyKeys("d");

            seen = signal.count();
            watch.says("ADDED", pod("p", 11));
            assertThat(signal.awaitChangeSince(seen, Duration.ofSeconds(10))).isTrue();
            assertThat(feed.objects()).containsOnlyKeys("p");
        }
    }

    @Test
    void feedOutlivesTheDeadlineItWasStartedWithin() {
        server.watch().ends();
        LiveWatch second = server.watch();
        lists("10");
        feed = api.within(Duration.ofSeconds(1)).follow(PODS, signal);

        time.pass(Duration.ofMinutes(10));
        second.says("ADDED", pod("a", 11));

        awaitKnown("a@11");
    }
}
