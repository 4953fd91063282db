package io.github.milvusupgrade.run;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every event to the log: failures, gaps and broken budgets as warnings, progress at debug, the rest at info.
 */
public final class LoggingListener implements UpgradeListener {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.milvusupgrade.run");

    @Override
    public void onEvent(UpgradeEvent event) {
        switch (event.kind()) {
            case STEP_PROGRESSED -> LOG.debug("[{}] {}", event.run(), event.describe());
            case STEP_FINISHED -> {
                if (((UpgradeEvent.StepFinished) event).report().status() == StepReport.Status.FAILED) {
                    LOG.warn("[{}] {}", event.run(), event.describe());
                } else {
                    LOG.info("[{}] {}", event.run(), event.describe());
                }
            }
            case GAP_OPENED, BUDGET_BROKEN -> LOG.warn("[{}] {}", event.run(), event.describe());
            default -> LOG.info("[{}] {}", event.run(), event.describe());
        }
    }
}
