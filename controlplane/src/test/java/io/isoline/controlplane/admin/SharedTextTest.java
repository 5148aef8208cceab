package io.isoline.controlplane.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.isoline.controlplane.envoy.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SharedTextTest {

  private final AtomicInteger made = new AtomicInteger();

  @Test
  void get_oneAfterTheOther_isMadeEachTime() throws Exception {
    SharedText text = new SharedText(() -> "text " + made.incrementAndGet());
    assertEquals("text 1", text.get());
    assertEquals("text 2", text.get());
  }

  @Test
  void get_manyWhileOneIsMade_getTheNextOneTogether() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    SharedText text =
        new SharedText(
            () -> {
              int number = made.incrementAndGet();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return "text " + number;
            });
    List<Thread> askers = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(
            task -> {
              Thread thread = new Thread(task);
              askers.add(thread);
              return thread;
            })) {
      Future<String> first = threads.submit(text::get);
      Await.until("the first is being made", () -> made.get() == 1);
      List<Future<String>> others = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        others.add(threads.submit(text::get));
      }
      Await.until(
          "the others wait",
          () -> askers.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
      go.countDown();
      assertEquals("text 1", first.get());
      for (Future<String> other : others) {
        assertEquals("text 2", other.get());
      }
    }
    assertEquals(2, made.get());
  }

  @Test
  void get_afterAFailure_isMadeAgain() throws Exception {
    SharedText text =
        new SharedText(
            () -> {
              if (made.incrementAndGet() == 1) {
                throw new IllegalStateException("broken");
              }
              return "text";
            });
    assertThrows(IllegalStateException.class, text::get);
    assertEquals("text", text.get());
  }
}
