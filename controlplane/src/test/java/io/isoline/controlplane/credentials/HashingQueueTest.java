package io.isoline.controlplane.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.access.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HashingQueueTest {

  private static final Fingerprint A = new Fingerprint(1, 0, 0, 0);
  private static final Fingerprint B = new Fingerprint(2, 0, 0, 0);

  private final AtomicLong clock = new AtomicLong();
  private final HashingQueue queue =
      HashingQueue.start(new HashingQueue.Limits(1, 3, 5, 100), clock::get);
  private final CountDownLatch go = new CountDownLatch(1);
  private final List<String> done = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    go.countDown();
    queue.close();
  }

  /** Has the only thread wait for {@link #go}. */
  private CompletableFuture<Boolean> occupy() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Boolean> result =
        queue.submit(
            A,
            () -> {
              begun.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return true;
            });
    begun.await();
    return result;
  }

  private CompletableFuture<Boolean> note(Fingerprint list, String name) {
    return queue.submit(list, () -> done.add(name));
  }

  private static boolean isBusy(CompletableFuture<Boolean> result) {
    Throwable cause = assertThrows(ExecutionException.class, result::get).getCause();
    return cause instanceof HashingQueue.BusyException;
  }

  @Test
  void lists_takeTurns() throws Exception {
    var _ = occupy();
    List<CompletableFuture<Boolean>> results = new ArrayList<>();
    results.add(note(A, "a1"));
    results.add(note(A, "a2"));
    results.add(note(A, "a3"));
    results.add(note(B, "b1"));
    results.add(note(B, "b2"));
    go.countDown();
    for (CompletableFuture<Boolean> each : results) {
      each.get();
    }
    assertEquals(List.of("a1", "b1", "a2", "b2", "a3"), done);
  }

  @Test
  void fullLineOfAList_refusesItsOwnOnly() throws Exception {
    var _ = occupy();
    for (int i = 0; i < 3; i++) {
      var _ = note(A, "a");
    }
    assertTrue(isBusy(note(A, "too much")));
    CompletableFuture<Boolean> other = note(B, "b");
    go.countDown();
    assertEquals(true, other.get());
  }

  @Test
  void fullInAll_refuses() throws Exception {
    var _ = occupy();
    for (int i = 0; i < 5; i++) {
      var _ = note(new Fingerprint(10 + i, 0, 0, 0), "x");
    }
    assertEquals(5, queue.waiting());
    assertTrue(isBusy(note(B, "too much")));
  }

  @Test
  void whatWaitedTooLong_isNotDone() throws Exception {
    var _ = occupy();
    CompletableFuture<Boolean> old = note(A, "old");
    clock.set(101);
    CompletableFuture<Boolean> fresh = note(A, "fresh");
    go.countDown();
    assertTrue(isBusy(old));
    fresh.get();
    assertEquals(List.of("fresh"), done);
  }

  @Test
  void workThatThrows_isBusy_andTheNextIsDone() throws Exception {
    CompletableFuture<Boolean> broken =
        queue.submit(
            A,
            () -> {
              throw new IllegalStateException("broken");
            });
    assertTrue(isBusy(broken));
    assertEquals(true, note(A, "next").get());
  }

  @Test
  void closed_refusesWhatWaitsAndWhatComes() throws Exception {
    var _ = occupy();
    CompletableFuture<Boolean> waiting = note(A, "waiting");
    queue.close();
    assertTrue(isBusy(waiting));
    assertTrue(isBusy(note(A, "late")));
  }
}
