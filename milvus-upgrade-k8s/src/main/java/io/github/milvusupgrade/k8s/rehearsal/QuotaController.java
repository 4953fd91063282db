package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Keeps the status of ResourceQuotas: what is used of each limit. */
final class QuotaController {

    private final ObjectStore store;
    private final WorkQueue queue;

    QuotaController(ObjectStore store, EventLoop loop) {
        this.store = store;
        this.queue = new WorkQueue(loop, this::count);
        store.observe(change -> {
            if (change.key().type() == ResourceType.QUOTAS && change.after() != null) {
                queue.add(change.key());
            } else if (change.key().type() == ResourceType.PODS
                    && (change.before() == null || change.after() == null || PodView.isFinished(change.after()))) {
                store.list(ResourceType.QUOTAS, change.key().namespace())
                        .forEach(quota -> queue.add(ObjectKey.of(ResourceType.QUOTAS, quota)));
            }
        });
    }

    private void count(ObjectKey key) {
        synchronized (store) {
            ObjectNode quota = store.find(key);
            if (quota == null) {
                return;
            }
            ObjectNode used = Json.object();
            quota.path("spec")
                    .path("hard")
                    .fieldNames()
                    .forEachRemaining(resource ->
                            used.put(resource, Quantity.text(resource, Quota.used(store, key.namespace(), resource))));
            ObjectNode status = Json.object("hard", quota.path("spec").path("hard"), "used", used);
            if (!status.equals(quota.path("status"))) {
                store.replace(key, Json.with(quota, "status", status));
            }
        }
    }
}
