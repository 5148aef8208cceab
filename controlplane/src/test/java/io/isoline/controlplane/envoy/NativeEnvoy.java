package io.isoline.controlplane.envoy;

import io.isoline.envoy.Bootstrap;
import io.isoline.envoy.BootstrapOptions;
import io.isoline.envoy.EnvoyAdmin;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.envoy.EnvoyException;
import io.isoline.envoy.EnvoyProcess;
import java.time.Duration;

/** An Envoy as a process of this machine. */
final class NativeEnvoy extends EnvoyUnderTest {

  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private final EnvoyProcess process;
  private final EnvoyAdmin admin;

  NativeEnvoy(EnvoyBinary binary, Wiring wiring) throws EnvoyException, InterruptedException {
    process =
        EnvoyProcess.start(
            binary,
            directory ->
                Bootstrap.of(
                    BootstrapOptions.builder(wiring.xds(), EnvoyProcess.adminSocket(directory))
                        .protocol(wiring.protocol())
                        .nodeId(wiring.nodeId())
                        .build()),
            EnvoyProcess.Options.logging(this::print)
                .withConcurrency(2)
                .withDrainTime(Duration.ofSeconds(1))
                .withStopLimit(STOP_LIMIT));
    try {
      process.awaitReady(Await.LIMIT);
      admin = process.admin();
    } catch (EnvoyException | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  @Override
  EnvoyAdmin admin() {
    return admin;
  }

  @Override
  public void close() {
    process.close();
  }
}
