package io.github.milvusupgrade.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import io.github.milvusupgrade.k8s.api.ScriptedApiServer.LiveWatch;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class WatchStreamTest extends KubeApiFixture {

    private static final Selection PODS =
            Selection.all(Resource.PODS, "default").withLabels("app=milvus");
    private static final String POD = "{\"kind\":\"Pod\",\"fieldOf2030\":null,\"metadata\":{\"name\":\"p\"}}";

    @Test
    void eventsComeOneByOneWithEveryField() {
        server.watch()
                .says("ADDED", POD)
                .saysRaw("\n")
                .says("MODIFIED", POD)
                .says("DELETED", POD)
                .says("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"12\"}}")
                .ends();

        try (WatchStream stream = api.watch(PODS, "10")) {
            assertThat(stream.next()).contains(new WatchEvent(WatchEvent.Type.ADDED, json(POD)));
            assertThat(stream.next()).contains(new WatchEvent(WatchEvent.Type.MODIFIED, json(POD)));
            assertThat(stream.next()).contains(new WatchEvent(WatchEvent.Type.DELETED, json(POD)));
            assertThat(stream.next().orElseThrow().type()).isEqualTo(WatchEvent.Type.BOOKMARK);
            assertThat(stream.next()).isEmpty();
        }

        assertThat(server.seen().get(0).query())
                .isEqualTo(Map.of(
                        "labelSelector", "app=milvus",
                        "watch", "true",
                        "allowWatchBookmarks", "true",
                        "timeoutSeconds", "60",
                        "resourceVersion", "10"));
        assertThat(api.requests().byKind()).isEqualTo(Map.of("watch pods", 1L));
    }

    @Test
    void fault08TooOldIsGoneWhetherByHttpOrByEvent() {
        server.watch().refused(410, "Expired", "too old resource version: 10 (99)");
        server.watch().says("ERROR", ScriptedApiServer.status(410, "Expired", "too old resource version: 10 (99)"));

        for (int i = 0; i < 2; i++) {
            try (WatchStream stream = api.watch(PODS, "10")) {
                KubeApiException e = failureOf(stream::next);
                assertThat(e.kind()).isEqualTo(Kind.GONE);
                assertThat(e)
                        .hasMessage("Kubernetes refused watch pods default (app=milvus): gone (410):"
                                + " too old resource version: 10 (99)");
            }
        }
    }

    @Test
    void brokenConnectionIsAFailureAndNotAnEnd() {
        server.watch().says("ADDED", POD).breaks();

        try (WatchStream stream = api.watch(PODS, "10")) {
            stream.next();
            assertThat(failureOf(stream::next).kind()).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void halfALineIsAFailure() {
        server.watch().saysRaw("{\"type\":\"ADDED\",\"obj").ends();

        try (WatchStream stream = api.watch(PODS, "10")) {
            assertThat(failureOf(stream::next).kind()).isEqualTo(Kind.UNREADABLE);
        }
    }

    @Test
    void unknownTypeOfEventIsAFailure() {
        server.watch().says("REPLACED", POD);

        try (WatchStream stream = api.watch(PODS, "10")) {
            assertThat(failureOf(stream::next))
                    .hasMessage("No readable answer from Kubernetes at " + server.url()
                            + " to watch pods default (app=milvus): a watch event of type \"REPLACED\"");
        }
    }

    @Test
    void closingFromAnotherThreadEndsTheWait() throws Exception {
        LiveWatch silent = server.watch();
        WatchStream stream = api.watch(PODS, "10");
        CompletableFuture<Boolean> reader =
                CompletableFuture.supplyAsync(() -> stream.next().isPresent());
        Awaitility.await().until(() -> !server.seen().isEmpty());

        stream.close();

        assertThat(reader.get(5, TimeUnit.SECONDS)).isFalse();
        silent.ends();
    }

    @Test
    void closingBetweenTwoEventsEndsTheStream() {
        LiveWatch watch = server.watch().says("ADDED", POD).says("ADDED", POD);
        WatchStream stream = api.watch(PODS, "10");
        assertThat(stream.next()).isPresent();

        stream.close();

        assertThat(stream.next()).isEmpty();
        watch.ends();
    }

    @Test
    void streamThatIsClosedBeforeItBeganIsEmpty() {
        WatchStream stream = api.watch(PODS, "10");
        stream.close();

        assertThat(stream.next()).isEmpty();
        assertThat(server.seen()).isEmpty();
    }
}
