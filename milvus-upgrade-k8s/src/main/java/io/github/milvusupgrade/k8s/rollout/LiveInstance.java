package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.k8s.api.ChangeSignal;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.ResourceFeed;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Deployments and pods of an instance as they are now: two watches keep them up to date for as long as anybody
 * looks, and all who look at the same time share them. Safe for many threads.
 */
public final class LiveInstance {

    private final KubeApi api;
    private final Time time;
    private final ClusterId cluster;
    private final ChangeSignal signal = new ChangeSignal();
    private final Object lock = new Object();
    private int looking;
    private @Nullable ResourceFeed deployments;
    private @Nullable ResourceFeed pods;

    /** Name the instance; nothing is asked for before somebody looks. */
    public LiveInstance(KubeApi api, Time time, ClusterId cluster) {
        this.api = api;
        this.time = time;
        this.cluster = cluster;
    }

    /** Begin to look. The watches begin when something is asked for; a watch that was refused is tried anew. */
    public Looking look() {
        synchronized (lock) {
            if (deployments != null && deployments.hasEnded() || pods != null && pods.hasEnded()) {
                hangUp();
            }
            looking++;
        }
        return new Looking();
    }

    private void lookAway() {
        synchronized (lock) {
            looking--;
            if (looking == 0) {
                hangUp();
            }
        }
    }

    private void hangUp() {
        Optional.ofNullable(pods).ifPresent(ResourceFeed::close);
        Optional.ofNullable(deployments).ifPresent(ResourceFeed::close);
        pods = null;
        deployments = null;
    }

    private List<ResourceFeed> listening() {
        synchronized (lock) {
            List<ResourceFeed> feeds = new ArrayList<>();
            Optional.ofNullable(deployments).ifPresent(feeds::add);
            Optional.ofNullable(pods).ifPresent(feeds::add);
            return feeds;
        }
    }

    private Heard deploymentFeed(Deadline deadline) {
        synchronized (lock) {
            if (deployments != null) {
                return new Heard(deployments, false);
            }
            Selection selection = Selection.all(Resource.DEPLOYMENTS, cluster.namespace())
                    .withLabels(MilvusLabels.ofInstance(cluster.instance()));
            ResourceFeed feed = api.within(deadline).follow(selection, signal);
            deployments = feed;
            return new Heard(feed, true);
        }
    }

    private Heard podFeed(Deadline deadline) {
        synchronized (lock) {
            if (pods != null) {
                return new Heard(pods, false);
            }
            List<DeploymentView> all = deploymentFeed(deadline).feed().map(DeploymentView::new);
            Selection selection =
                    Selection.all(Resource.PODS, cluster.namespace()).withLabels(selectorOfPods(all));
            ResourceFeed feed = api.within(deadline).follow(selection, signal);
            pods = feed;
            return new Heard(feed, true);
        }
    }

    /** Deployments may come while somebody looks; mostly their pods say to which instance they belong, too. */
    private String selectorOfPods(List<DeploymentView> all) {
        boolean labelled = all.stream().allMatch(deployment -> deployment.selects(MilvusLabels.INSTANCE));
        return labelled ? MilvusLabels.ofInstance(cluster.instance()) : DeploymentView.selectorOfAny(all);
    }

    /**
     * A feed, and whether it has begun just now, so that nothing in it is old.
     *
     * @param feed what is heard
     * @param fresh whether it was asked for in this moment
     */
    private record Heard(ResourceFeed feed, boolean fresh) {}

    /** Somebody's looking, until it is closed. For one thread. */
    public final class Looking implements AutoCloseable {

        private boolean closed;

        private Looking() {}

        /** The Deployments as far as they are heard of, in the order of their names. */
        public List<DeploymentView> deployments(StepContext context) {
            return deploymentFeed(deadline(context)).feed().map(DeploymentView::new);
        }

        /** The pods as far as they are heard of, in the order of their names; ended ones, too. */
        public List<PodView> pods(StepContext context) {
            return podFeed(deadline(context)).feed().map(PodView::new);
        }

        /** Make sure that the Deployments are not older than this moment. */
        public void askForDeployments(StepContext context) {
            ask(deploymentFeed(deadline(context)), context);
        }

        /** Make sure that the pods are not older than this moment. */
        public void askForPods(StepContext context) {
            ask(podFeed(deadline(context)), context);
        }

        private void ask(Heard heard, StepContext context) {
            boolean known = heard.fresh();
            while (!known) {
                context.checkpoint();
                known = heard.feed().refresh(deadline(context));
            }
        }

        /** How many changes there were; to be taken before a look, for {@link #awaitChangeSince}. */
        public long changes() {
            return signal.count();
        }

        /** Wait for a change since the count was taken; a watch that died without a sign hides none for long. */
        public void awaitChangeSince(long seen, Duration atMost, StepContext context) throws InterruptedException {
            signal.awaitChangeSince(seen, atMost);
            refreshIfSilent(context);
        }

        /** Ask for what was not heard of for long. */
        public void refreshIfSilent(StepContext context) {
            listening().forEach(feed -> feed.refreshIfSilent(deadline(context)));
        }

        /** Look away. Whoever is the last to do so ends the watches. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                lookAway();
            }
        }

        private Deadline deadline(StepContext context) {
            return Deadline.after(context.remaining(), time);
        }
    }
}
