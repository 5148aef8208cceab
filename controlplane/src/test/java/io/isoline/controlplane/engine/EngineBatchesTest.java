package io.isoline.controlplane.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.isoline.controlplane.envoy.Await;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Update;
import io.isoline.translator.kube.ServiceRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which changes the engine takes together. */
final class EngineBatchesTest {

  private final CountDownLatch began = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private volatile Runnable inATurn = () -> {};
  private final List<List<Change>> batches = new CopyOnWriteArrayList<>();
  private Engine engine;

  @BeforeEach
  void start() throws IOException {
    engine =
        Engine.start(
            Settings.defaults(ByteString.EMPTY, ByteString.EMPTY),
            XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            new EngineListener() {
              @Override
              public void updated(List<Change> changes, Update update) {
                if (!changes.isEmpty()) {
                  batches.add(List.copyOf(changes));
                  began.countDown();
                  await(goOn);
                  inATurn.run();
                }
              }
            },
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    engine.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ObjectRef ref(int number) {
    return ObjectRef.service("default", "s" + number);
  }

  private static Change service(int number) {
    return new Change.Upsert(
        new ServiceRecord(
            ref(number), null, List.of(), List.of(new ServiceRecord.Port("", 80, "TCP", null))));
  }

  @Test
  void storm_whileTheEngineWorks_isOneBatchInItsOrder() {
    engine.submit(List.of(service(0)));
    await(began);
    List<Change> storm = new ArrayList<>();
    for (int i = 1; i <= 5_000; i++) {
      storm.add(service(i));
      engine.submit(List.of(service(i)));
    }
    goOn.countDown();

    assertEquals(5_001, engine.verdicts().join().size());
    assertEquals(List.of(List.of(service(0)), storm), batches);
  }

  /** What comes in while the engine works is in the very next turn, for as long as it goes on. */
  @Test
  void storm_atAPace_isATurnForEachStep() {
    int each = 50;
    AtomicInteger next = new AtomicInteger(1);
    inATurn =
        () -> {
          for (int i = 0; i < each && next.get() <= 5_000; i++) {
            engine.submit(List.of(service(next.getAndIncrement())));
          }
        };
    goOn.countDown();
    engine.submit(List.of(service(0)));
    Await.until("the last change", () -> batches.stream().mapToInt(List::size).sum() == 5_001);

    List<List<Change>> expected = new ArrayList<>(List.of(List.of(service(0))));
    for (int first = 1; first <= 5_000; first += each) {
      expected.add(
          IntStream.range(first, first + each).mapToObj(EngineBatchesTest::service).toList());
    }
    assertEquals(expected, batches);
    assertEquals(5_001, engine.verdicts().join().size());
  }

  @Test
  void verdicts_rightAfterAChange_knowIt() {
    goOn.countDown();
    for (int i = 0; i < 50; i++) {
      engine.submit(List.of(service(i)));
      assertTrue(engine.verdicts().join().containsKey(ref(i)));
    }
  }
}
