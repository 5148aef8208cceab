package io.isoline.controlplane.envoy;

import io.isoline.controlplane.peers.TlsFiles;
import io.isoline.envoy.Bootstrap;
import io.isoline.envoy.BootstrapFiles;
import io.isoline.envoy.BootstrapOptions;
import io.isoline.envoy.EnvoyAdmin;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.envoy.EnvoyException;
import io.isoline.envoy.EnvoyProcess;
import io.isoline.envoy.XdsTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
            directory -> bootstrap(wiring, directory),
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

  /** The bootstrap of an Envoy that runs in the directory, with the files that it refers to. */
  static Bootstrap bootstrap(Wiring wiring, Path directory) {
    TlsFiles files = wiring.tls();
    XdsTls tls =
        files == null
            ? null
            : new XdsTls(files.certificate(), files.key(), files.authorities(), directory);
    Bootstrap bootstrap =
        Bootstrap.of(
            BootstrapOptions.builder(wiring.xds(), EnvoyProcess.adminSocket(directory))
                .protocol(wiring.protocol())
                .nodeId(wiring.nodeId())
                .xdsTls(tls)
                .build());
    try {
      BootstrapFiles.write(directory.resolve("envoy.yaml"), bootstrap.toYaml(), tls);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bootstrap;
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
