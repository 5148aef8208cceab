package io.isoline.controlplane.options;

import io.isoline.controlplane.admin.AdminServer;
import io.isoline.controlplane.admin.Liveness;
import io.isoline.controlplane.admin.Metrics;
import io.isoline.controlplane.admin.Readiness;
import io.isoline.controlplane.terminal.Failure;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --admin} of {@code isoline serve}. */
public final class AdminOptions {

  private static final String USUAL = "0.0.0.0:8001";

  @Option(
      names = "--admin",
      paramLabel = "ADDRESS",
      description = {
        "Answer /healthz, /readyz and /metrics here: HOST:PORT or [IPV6]:PORT. Default: "
            + USUAL
            + ", on all addresses, with the API server; nowhere with files."
      })
  private @Nullable String admin;

  /**
   * Starts the server, or returns null when there is to be none.
   *
   * @param apiServer whether the objects come from an API server
   */
  public @Nullable AdminServer start(
      boolean apiServer, Liveness liveness, Readiness readiness, Metrics metrics) throws Failure {
    String text = admin != null ? admin : apiServer ? USUAL : null;
    if (text == null) {
      return null;
    }
    InetSocketAddress address = ListenAddress.parse("--admin", text);
    try {
      return AdminServer.start(address, liveness, readiness, metrics);
    } catch (IOException e) {
      throw ListenAddress.taken("--admin", text, e);
    }
  }
}
