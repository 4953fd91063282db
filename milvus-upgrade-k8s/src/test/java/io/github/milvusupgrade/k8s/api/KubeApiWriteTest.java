package io.github.milvusupgrade.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A write is never sent again before it is known that the last one had no effect. */
class KubeApiWriteTest extends KubeApiFixture {

    private static final ObjectRef LOCK = Resource.LEASES.in("default", "my-release");
    private static final String LOCKS = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    private static final String OUR_LOCK = "{\"metadata\":{\"labels\":{\"run\":\"r1\"}}}";
    private static final String FOREIGN_LOCK = "{\"metadata\":{\"labels\":{\"run\":\"r2\"}}}";
    private static final String GET = "GET " + PROXY_PATH;
    private static final String PATCH = "PATCH " + PROXY_PATH;

    private ObjectNode patch() {
        return api.patch(PROXY, imagePatch(), KubeApiFixture::patched);
    }

    private ObjectNode create() {
        return api.create(
                LOCK,
                json(OUR_LOCK),
                found -> found.path("metadata")
                        .path("labels")
                        .path("run")
                        .asText()
                        .equals("r1"));
    }

    @Test
    void writeThatIsAnsweredIsSentOnceAndNotReadBack() {
        server.answers(200, PATCHED);

        ObjectNode patched = api.patch(PROXY, imagePatch(), found -> fail("not to be asked"));

        assertThat(patched).isEqualTo(json(PATCHED));
        assertThat(server.calls()).containsExactly(PATCH);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504})
    void fault03ServerErrorOnWriteIsReadBackFirst(int code) {
        server.fails(code, "", "etcdserver: request timed out")
                .answers(200, UNPATCHED)
                .answers(200, PATCHED);

        assertThat(patch()).isEqualTo(json(PATCHED));

        assertThat(server.calls()).containsExactly(PATCH, GET, PATCH);
    }

    @Test
    void fault03ServerErrorAfterTheWriteWasAppliedIsASuccess() {
        server.fails(504, "Timeout", "request did not complete").answers(200, PATCHED);

        assertThat(patch()).isEqualTo(json(PATCHED));

        assertThat(server.calls()).containsExactly(PATCH, GET);
    }

    @Test
    void fault03InternalErrorOnWriteIsSentThreeTimesInAll() {
        for (int i = 0; i < 3; i++) {
            server.fails(500, "InternalError", "failed calling webhook \"policy.example.com\": connection refused")
                    .answers(200, UNPATCHED);
        }

        KubeApiException e = failureOf(this::patch);

        assertThat(server.calls()).containsExactly(PATCH, GET, PATCH, GET, PATCH);
        assertThat(e.webhook()).contains("policy.example.com");
        assertThat(e.outcomeUnknown()).isTrue();
        assertThat(e.getMessage())
                .matches("Kubernetes could not serve patch deployments\\.apps default/my-release-milvus-proxy:"
                        + " unavailable \\(500\\): failed calling webhook \"policy\\.example\\.com\":"
                        + " connection refused\n"
                        + "  Gave up after 3 attempts in [0-9.]+s\\.\n"
                        + "  It may have been applied: read the object back before sending it again\\.");
    }

    @Test
    void fault04ConnectionLostBeforeTheWriteIsReadBackThenSentAgain() {
        server.hangsUp().answers(200, UNPATCHED).answers(200, PATCHED);

        assertThat(patch()).isEqualTo(json(PATCHED));

        assertThat(server.calls()).containsExactly(PATCH, GET, PATCH);
    }

    @Test
    void fault05AnswerLostAfterTheWriteWasAppliedIsASuccess() {
        server.hangsUp().answers(200, PATCHED);

        assertThat(patch()).isEqualTo(json(PATCHED));

        assertThat(server.calls()).containsExactly(PATCH, GET);
    }

    @Test
    void fault05AnswerBrokenOffAfterTheWriteWasAppliedIsASuccess() {
        server.breaksOffAfter("{\"metadata\":").answers(200, PATCHED);

        assertThat(patch()).isEqualTo(json(PATCHED));
    }

    @Test
    void fault05FirstAttemptThatLandsLateIsNotMistakenForAConflict() {
        server.hangsUp()
                .answers(200, UNPATCHED)
                .fails(409, "Conflict", "the object has been modified")
                .answers(200, PATCHED);

        assertThat(patch()).isEqualTo(json(PATCHED));

        assertThat(server.calls()).containsExactly(PATCH, GET, PATCH, GET);
    }

    @Test
    void fault05LostAnswerWithoutReadBackSaysThatTheOutcomeIsUnknown() {
        server.hangsUp().fails(403, "Forbidden", "User \"ci\" cannot get resource \"deployments\"");

        KubeApiException e = failureOf(this::patch);

        assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(e.outcomeUnknown()).isTrue();
        assertThat(e.getMessage())
                .matches("No answer from Kubernetes at http://127\\.0\\.0\\.1:\\d+"
                        + " to patch deployments\\.apps default/my-release-milvus-proxy:"
                        + " the connection was lost \\(unexpected end of stream on http://127\\.0\\.0\\.1:\\d+/\\.\\.\\.\\)\n"
                        + "  Reading it back failed too: Kubernetes refused"
                        + " get deployments\\.apps default/my-release-milvus-proxy: forbidden \\(403\\):"
                        + " User \"ci\" cannot get resource \"deployments\"\n"
                        + "  Gave up after 2 attempts in [0-9.]+s\\.\n"
                        + "  It may have been applied: read the object back before sending it again\\.");
        assertThat(server.calls()).containsExactly(PATCH, GET);
    }

    @Test
    void fault05ThrottledAfterALostAnswerStillSaysThatTheOutcomeIsUnknown() {
        server.hangsUp().answers(200, UNPATCHED).fails(429, "TooManyRequests", "slow down", "Retry-After", "30");

        KubeApiException e =
                failureOf(() -> api.within(Duration.ofSeconds(10)).patch(PROXY, imagePatch(), KubeApiFixture::patched));

        assertThat(e.kind()).isEqualTo(Kind.THROTTLED);
        assertThat(e.outcomeUnknown()).isTrue();
        assertThat(e.retryAfter()).contains(Duration.ofSeconds(30));
    }

    @Test
    void fault01ThrottledWriteWasNotAppliedAndIsSentAgainAtOnce() {
        server.fails(429, "TooManyRequests", "slow down", "Retry-After", "1").answers(200, PATCHED);

        assertThat(patch()).isEqualTo(json(PATCHED));

        assertThat(server.calls()).containsExactly(PATCH, PATCH);
    }

    @Test
    void unavailableWithRetryAfterZeroIsNotSentAgainBehindOurBack() {
        server.fails(503, "ServiceUnavailable", "restarting", "Retry-After", "0")
                .answers(200, PATCHED);

        assertThat(patch()).isEqualTo(json(PATCHED));

        assertThat(server.calls()).containsExactly(PATCH, GET);
    }

    @Test
    void fault12ConflictIsForTheCallerToDecide() {
        String said = "Operation cannot be fulfilled on deployments.apps: the object has been modified";
        server.fails(409, "Conflict", said);

        KubeApiException e = failureOf(this::patch);

        assertThat(e)
                .hasMessage(
                        "Kubernetes refused patch deployments.apps default/my-release-milvus-proxy: conflict (409): "
                                + said);
        assertThat(e.kind()).isEqualTo(Kind.CONFLICT);
        assertThat(e.outcomeUnknown()).isFalse();
        assertThat(server.calls()).containsExactly(PATCH);
    }

    @Test
    void fault12ConflictWithSomebodyElseAfterALostAnswerIsAConflict() {
        server.hangsUp()
                .answers(200, UNPATCHED)
                .fails(409, "Conflict", "modified")
                .answers(200, UNPATCHED);

        KubeApiException e = failureOf(this::patch);

        assertThat(e.kind()).isEqualTo(Kind.CONFLICT);
        assertThat(e.outcomeUnknown()).isFalse();
    }

    @Test
    void fault13NameThatIsTakenIsNotAdopted() {
        server.fails(409, "AlreadyExists", "leases.coordination.k8s.io \"my-release\" already exists");

        KubeApiException e = failureOf(this::create);

        assertThat(e.kind()).isEqualTo(Kind.ALREADY_EXISTS);
        assertThat(e)
                .hasMessage("Kubernetes refused create leases.coordination.k8s.io default/my-release:"
                        + " already exists (409): leases.coordination.k8s.io \"my-release\" already exists");
        assertThat(server.calls()).containsExactly("POST " + LOCKS);
    }

    @Test
    void fault13ObjectWhoseCreationLostItsAnswerIsFoundByItsMark() {
        server.hangsUp().answers(200, OUR_LOCK);

        assertThat(create()).isEqualTo(json(OUR_LOCK));

        assertThat(server.calls()).containsExactly("POST " + LOCKS, "GET " + LOCKS + "/my-release");
    }

    @Test
    void fault13ForeignObjectOfTheSameNameIsNotAdoptedAfterALostAnswer() {
        server.hangsUp()
                .answers(200, FOREIGN_LOCK)
                .fails(409, "AlreadyExists", "taken")
                .answers(200, FOREIGN_LOCK);

        assertThat(failureOf(this::create).kind()).isEqualTo(Kind.ALREADY_EXISTS);
    }

    @Test
    void fault13CreationThatDidNotHappenIsSentAgain() {
        server.fails(500, "InternalError", "etcd")
                .fails(404, "NotFound", "leases.coordination.k8s.io \"my-release\" not found")
                .answers(201, OUR_LOCK);

        assertThat(create()).isEqualTo(json(OUR_LOCK));
    }

    @Test
    void fault14InvalidIsShownAndNeverRetried() {
        server.fails(422, "Invalid", "spec.template.spec.containers[0].image: Required value");

        KubeApiException e = failureOf(this::patch);

        assertThat(e)
                .hasMessage("Kubernetes refused patch deployments.apps default/my-release-milvus-proxy:"
                        + " invalid (422): spec.template.spec.containers[0].image: Required value");
        assertThat(e.kind()).isEqualTo(Kind.INVALID);
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void fault17PatchOfADeletedObjectDoesNotCreateIt() {
        server.hangsUp()
                .fails(404, "NotFound", "deployments.apps \"x\" not found")
                .fails(404, "NotFound", "deployments.apps \"x\" not found");

        assertThat(failureOf(this::patch).kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void fault19DenyingWebhookIsNamed() {
        server.fails(403, "Forbidden", "admission webhook \"images.example.com\" denied the request: not signed");

        KubeApiException e = failureOf(this::patch);

        assertThat(e.webhook()).contains("images.example.com");
        assertThat(e)
                .hasMessage(
                        "Kubernetes refused patch deployments.apps default/my-release-milvus-proxy: forbidden (403):"
                                + " admission webhook \"images.example.com\" denied the request: not signed");
    }

    @Test
    void fault33InterruptAfterALostAnswerSaysThatTheOutcomeIsUnknown() {
        server.hangsUp();
        time.interruptSleeps();

        KubeApiException e = failureOf(this::patch);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(e.outcomeUnknown()).isTrue();
    }

    @Test
    void dryRunIsRetriedLikeARead() {
        server.hangsUp().fails(500, "InternalError", "etcd").answers(200, PATCHED);

        assertThat(api.dryRun(PROXY, imagePatch())).isEqualTo(json(PATCHED));

        assertThat(server.calls()).containsExactly(PATCH, PATCH, PATCH);
        assertThat(server.seen()).allSatisfy(seen -> assertThat(seen.query()).containsEntry("dryRun", "All"));
    }

    @Test
    void deletionIsOfOneUidAndTellsWhetherItWasThere() {
        server.answers(200, "{}").fails(404, "NotFound", "pods \"x\" not found");

        ObjectRef pod = Resource.PODS.in("default", "x");
        assertThat(api.delete(pod, "uid-1")).isTrue();
        assertThat(api.delete(pod, "uid-1")).isFalse();

        assertThat(json(server.seen().get(0).body()))
                .isEqualTo(json("{\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\","
                        + "\"preconditions\":{\"uid\":\"uid-1\"}}"));
    }

    @Test
    void deletionWhoseAnswerWasLostIsASuccessIfTheObjectIsGone() {
        server.hangsUp().fails(404, "NotFound", "pods \"x\" not found");

        assertThat(api.delete(Resource.PODS.in("default", "x"), "uid-1")).isTrue();
    }

    @Test
    void deletionOfAnObjectThatWasReplacedIsAConflict() {
        server.fails(409, "Conflict", "the UID in the precondition (uid-1) does not match the UID in record (uid-2)");

        assertThat(failureOf(() -> api.delete(Resource.PODS.in("default", "x"), "uid-1"))
                        .kind())
                .isEqualTo(Kind.CONFLICT);
    }

    @Test
    void replacementIsSettledByReadingBackToo() {
        server.hangsUp().answers(200, OUR_LOCK);

        assertThat(api.replace(LOCK, json(OUR_LOCK), json(OUR_LOCK)::equals)).isEqualTo(json(OUR_LOCK));

        assertThat(server.calls()).containsExactly("PUT " + LOCKS + "/my-release", "GET " + LOCKS + "/my-release");
    }
}
