package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.run.UpgradeListener;

/** Shows a run while it goes on. Closed when nothing more will be shown. */
interface Progress extends UpgradeListener, AutoCloseable {

    @Override
    void close();
}
