package io.github.milvusupgrade.k8s.helm;

import java.util.List;

/**
 * What a release would become.
 *
 * @param revision the number that the next revision would have
 * @param objects what Helm would apply, in the order in which it would
 * @param hooks what Helm would run before or after that; {@code helm.sh/hook} in their annotations says when
 */
public record RenderedRelease(int revision, List<RenderedObject> objects, List<RenderedObject> hooks) {

    public RenderedRelease {
        objects = List.copyOf(objects);
        hooks = List.copyOf(hooks);
    }
}
