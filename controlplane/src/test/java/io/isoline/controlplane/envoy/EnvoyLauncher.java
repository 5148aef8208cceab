package io.isoline.controlplane.envoy;

import io.isoline.controlplane.envoy.EnvoyUnderTest.Wiring;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.envoy.EnvoyException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides where the Envoys of all tests run: in containers when a Docker engine answers, else as
 * processes. The system property {@code isoline.envoy} ({@code docker} or {@code native}) forces
 * one of the two; a test whose Envoy cannot be had fails and is never left out.
 */
final class EnvoyLauncher {

  static final String PROPERTY = "isoline.envoy";

  private static final AtomicReference<@Nullable EnvoyLauncher> CHOSEN = new AtomicReference<>();

  private final @Nullable EnvoyBinary binary;

  private EnvoyLauncher(@Nullable EnvoyBinary binary) {
    this.binary = binary;
  }

  /** The launcher of this run of the tests. */
  static synchronized EnvoyLauncher get() throws EnvoyException, InterruptedException {
    EnvoyLauncher chosen = CHOSEN.get();
    if (chosen == null) {
      chosen = choose(System.getProperty(PROPERTY, ""));
      CHOSEN.set(chosen);
    }
    return chosen;
  }

  static EnvoyLauncher choose(String forced) throws EnvoyException, InterruptedException {
    return choose(forced, DockerEnvoy::problem);
  }

  /**
   * @param docker why Docker cannot be used, null when it can; asked only when that matters
   */
  static EnvoyLauncher choose(String forced, Supplier<@Nullable String> docker)
      throws EnvoyException, InterruptedException {
    return switch (forced) {
      case "native" -> ofNative();
      case "docker" -> {
        String problem = docker.get();
        if (problem != null) {
          throw new IllegalStateException(
              "-D%s=docker, but no Docker engine can be used: %s. Start one, or leave the property"
                      .formatted(PROPERTY, problem)
                  + " out to run a native Envoy");
        }
        yield new EnvoyLauncher(null);
      }
      case "" -> {
        String problem = docker.get();
        if (problem != null) {
          System.out.println("Envoy runs as a process, not in containers: " + problem);
        }
        yield problem == null ? new EnvoyLauncher(null) : ofNative();
      }
      default ->
          throw new IllegalArgumentException(
              "-D%s=%s: write docker or native".formatted(PROPERTY, forced));
    };
  }

  private static EnvoyLauncher ofNative() throws EnvoyException, InterruptedException {
    return new EnvoyLauncher(EnvoyBinary.find(null, System.getenv(), System.out::println));
  }

  EnvoyUnderTest launch(Wiring wiring) throws EnvoyException, InterruptedException {
    EnvoyBinary program = binary;
    return program == null ? new DockerEnvoy(wiring) : new NativeEnvoy(program, wiring);
  }

  @Override
  public String toString() {
    EnvoyBinary program = binary;
    return program == null
        ? "Docker, " + DockerEnvoy.IMAGE
        : "native, " + program.path() + " (" + program.origin() + ")";
  }
}
