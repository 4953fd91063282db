package io.github.milvusupgrade.examples.availability;

import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeListener;

/** What clients do with the instance while it is upgraded. Called by several threads. */
interface Traffic extends UpgradeListener, AutoCloseable {

    /** Clients know nothing of the upgrade, unless they only play clients. */
    @Override
    default void onEvent(UpgradeEvent event) {}

    /** Insert some rows, and remember them once the instance has acknowledged them. */
    void insert() throws Exception;

    /** Search. */
    void search() throws Exception;

    /** Look whether every acknowledged row is there. */
    RowCount count() throws Exception;

    @Override
    void close();
}
