package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import io.github.milvusupgrade.k8s.rolling.DryRunnable;
import io.github.milvusupgrade.k8s.rolling.PlannedPatch;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The API server accepts every patch that the plan is going to send. It is asked in earnest, with all its validation,
 * policies and webhooks, only that it stores nothing. Policies that look at pods alone are not asked by this; the
 * rollout reports their refusal within seconds.
 */
record PatchesAreAccepted(LiveCluster live, PlannedWrites writes) implements Check {

    /** How often a patch is made anew because a controller wrote the object in between. */
    private static final int CONFLICTS = 3;

    private static final Set<Kind> REFUSALS =
            Set.of(Kind.INVALID, Kind.FORBIDDEN, Kind.NOT_FOUND, Kind.NOT_SERVED, Kind.ALREADY_EXISTS);

    private static final String NO_DRY_RUN = "does not support dry run";

    @Override
    public String id() {
        return "P17";
    }

    @Override
    public String title() {
        return "the API server accepts every patch of the plan (dry run)";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Set<String> refused = new LinkedHashSet<>();
        Set<String> undecided = new LinkedHashSet<>();
        int accepted = 0;
        for (DryRunnable step : writes.steps()) {
            for (PlannedPatch planned : writes.of(step)) {
                Optional<KubeApiException> failure = dryRun(step, planned);
                if (failure.isEmpty()) {
                    accepted++;
                } else {
                    String why = planned.object() + " by step " + step.id() + ": " + why(failure.get());
                    (isRefusal(failure.get()) ? refused : undecided).add(why);
                }
            }
        }
        if (!refused.isEmpty()) {
            return Finding.fail(
                    id(),
                    "Kubernetes would refuse " + refused.size() + " of the patches of the plan: "
                            + String.join("; ", refused) + ".",
                    "Change the policy, webhook or object that the message names, or exempt the instance from it.");
        }
        if (!undecided.isEmpty()) {
            return Finding.unknown(
                    id(),
                    "Whether Kubernetes accepts all patches of the plan could not be tried out: "
                            + String.join("; ", undecided) + ".",
                    "Start again; if a webhook supports no dry run, find out from its owner and waive P17.");
        }
        return Finding.pass(
                id(),
                accepted == 0
                        ? "The plan changes no object that it could try out."
                        : "Kubernetes accepts all " + accepted + " patches of the plan.");
    }

    private Optional<KubeApiException> dryRun(DryRunnable step, PlannedPatch planned) {
        List<PlannedPatch> attempt = List.of(planned);
        for (int conflicts = 0; ; conflicts++) {
            try {
                for (PlannedPatch patch : attempt) {
                    live.ask(api -> api.dryRun(patch.object(), patch.patch()));
                }
                return Optional.empty();
            } catch (KubeApiException e) {
                if (!e.is(Kind.CONFLICT) || conflicts == CONFLICTS) {
                    return Optional.of(e);
                }
                attempt = writes.anew(step).stream()
                        .filter(patch -> patch.object().equals(planned.object()))
                        .toList();
            }
        }
    }

    /** A webhook that is down refuses as surely as one that says no: the patch itself would meet it, too. */
    private static boolean isRefusal(KubeApiException failure) {
        return !failure.serverMessage().contains(NO_DRY_RUN)
                && (REFUSALS.contains(failure.kind()) || failure.webhook().isPresent());
    }

    private static String why(KubeApiException failure) {
        return failure.serverMessage() + " (" + failure.httpStatus() + ")";
    }
}
