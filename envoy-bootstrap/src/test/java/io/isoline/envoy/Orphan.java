package io.isoline.envoy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A program that starts an Envoy, says where, and waits to be killed. */
final class Orphan {
  private Orphan() {}

  public static void main(String[] args) throws Exception {
    EnvoyBinary binary = EnvoyBinary.find(null, System.getenv(), line -> {});
    EnvoyProcess envoy =
        EnvoyProcess.start(
            binary,
            directory ->
                Bootstrap.of(
                    BootstrapOptions.builder(
                            new Address.Socket("127.0.0.1", 1), EnvoyProcess.adminSocket(directory))
                        .initialFetchTimeout(Duration.ofMillis(100))
                        .build()),
            EnvoyProcess.Options.logging(line -> {}).withConcurrency(1));
    envoy.awaitReady(Duration.ofSeconds(60));
    System.out.println(envoy.pid() + " " + envoy.directory());
    new CountDownLatch(1).await();
  }
}
