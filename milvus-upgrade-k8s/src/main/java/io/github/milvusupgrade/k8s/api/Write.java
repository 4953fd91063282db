package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One write and its attempts. Once an attempt ended without a clear answer, nothing is sent again before the object was
 * read: if it already is as it was to become, the lost answer was a success.
 *
 * <p>A conflict after such an attempt is settled in the same way, because it may be our own first attempt that we are
 * in conflict with.
 */
final class Write implements Supplier<ObjectNode> {

    private static final Logger LOG = LoggerFactory.getLogger(KubeApi.class);

    private final ApiRequest request;
    private final Supplier<ObjectNode> send;
    private final Supplier<Optional<ObjectNode>> read;
    private final Predicate<ObjectNode> alreadyThere;
    private @Nullable KubeApiException doubt;

    Write(
            ApiRequest request,
            Supplier<ObjectNode> send,
            Supplier<Optional<ObjectNode>> read,
            Predicate<ObjectNode> alreadyThere) {
        this.request = request;
        this.send = send;
        this.read = read;
        this.alreadyThere = alreadyThere;
    }

    @Override
    public ObjectNode get() {
        if (doubt != null) {
            Optional<ObjectNode> applied = readBack(doubt);
            if (applied.isPresent()) {
                return applied.get();
            }
        }
        try {
            return send.get();
        } catch (KubeApiException e) {
            if (e.outcomeUnknown()) {
                doubt = e;
            } else if (doubt != null && (e.is(Kind.CONFLICT) || e.is(Kind.ALREADY_EXISTS))) {
                return readBack(doubt).orElseThrow(() -> e);
            } else if (doubt != null && e.failure().retryable()) {
                throw e.with(e.failure().maybeApplied());
            }
            throw e;
        }
    }

    private Optional<ObjectNode> readBack(KubeApiException lost) {
        try {
            Optional<ObjectNode> applied = read.get().filter(alreadyThere);
            LOG.info(
                    "Read back after an unclear answer: {} was {}.",
                    request.operation(),
                    applied.isPresent() ? "applied" : "not applied");
            return applied;
        } catch (KubeApiException e) {
            if (e.is(Kind.INTERRUPTED)) {
                throw Failure.interrupted(request, true, e);
            }
            KubeApiException unsettled = lost.with(lost.failure()
                    .permanent()
                    .adding("Reading it back failed too: " + e.failure().headline()));
            unsettled.addSuppressed(e);
            throw unsettled;
        }
    }
}
