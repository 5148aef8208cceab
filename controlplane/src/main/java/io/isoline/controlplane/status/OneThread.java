package io.isoline.controlplane.status;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns everything in this package. It survives whatever a task throws, and after
 * its end it ignores what comes in late.
 */
final class OneThread extends ScheduledThreadPoolExecutor {

  private static final Logger log = LoggerFactory.getLogger(OneThread.class);

  OneThread() {
    super(1, Thread.ofPlatform().name("status").daemon().factory(), new DiscardPolicy());
  }

  @Override
  protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
    super.afterExecute(task, thrown);
    if (task instanceof Future<?> future && future.state() == Future.State.FAILED) {
      log.error("a defect in Isoline: status and events may lag behind", future.exceptionNow());
    }
  }
}
