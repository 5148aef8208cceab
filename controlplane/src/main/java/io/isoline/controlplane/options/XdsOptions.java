package io.isoline.controlplane.options;

import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.peers.PeerService;
import io.isoline.controlplane.peers.PeerTls;
import io.isoline.controlplane.peers.TlsFiles;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.translator.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the port that serves Envoys. */
public final class XdsOptions {

  public static final String LISTEN = "127.0.0.1:18000";

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description = {
        "Where Envoys find the control plane: HOST:PORT or [IPV6]:PORT. Default: " + LISTEN + "."
      })
  private String listen = LISTEN;

  @Option(
      names = "--xds-certificate",
      paramLabel = "CRT",
      description = {
        "Serve with TLS, only clients of --xds-ca: the own certificate, a chain in PEM with the DNS"
            + " name isoline. Read again when it changes."
      })
  private @Nullable Path certificate;

  @Option(
      names = "--xds-key",
      paramLabel = "KEY",
      description = "The key of --xds-certificate in PEM.")
  private @Nullable Path key;

  @Option(
      names = "--xds-ca",
      paramLabel = "CRT",
      description = {
        "CA certificates in PEM. An Envoy needs a certificate of one of them, with the DNS name"
            + " isoline-envoy."
      })
  private @Nullable Path authorities;

  @Option(
      names = "--insecure",
      description = {
        "Listen without TLS on an address that is not loopback: whoever reaches it gets the private"
            + " keys of all certificates."
      })
  private boolean insecure;

  /** The address of {@code --listen}, resolved. */
  public InetSocketAddress address() throws Failure {
    InetSocketAddress address = ListenAddress.parse("--listen", listen);
    if (files() == null && !insecure && !address.getAddress().isLoopbackAddress()) {
      throw new Failure(
          ("--listen: without TLS, whoever reaches %s gets the private keys of all certificates.%n"
                  + "  Give --xds-certificate, --xds-key and --xds-ca, or listen on a loopback"
                  + " address.%n"
                  + "  --insecure allows it, for a network that only your Envoys reach.")
              .formatted(listen));
    }
    return address;
  }

  /** Opens the files of the TLS options; null without TLS. The caller closes it, last. */
  public @Nullable PeerTls openTls() throws Failure {
    TlsFiles files = files();
    try {
      return files == null ? null : PeerTls.open(files);
    } catch (TlsFiles.Unusable e) {
      throw new Failure("the certificates for xDS: " + e.getMessage(), e);
    }
  }

  /**
   * Starts an engine that serves here.
   *
   * @param tls what {@link #openTls} returned
   * @param services what else is served here
   */
  public Engine start(
      Settings settings,
      @Nullable PeerTls tls,
      List<PeerService> services,
      EngineListener listener)
      throws Failure {
    XdsServer.Options options =
        XdsServer.Options.defaults(address()).withTls(tls).withServices(services);
    try {
      return Engine.start(settings, options, listener, Clock.systemUTC());
    } catch (IOException e) {
      throw ListenAddress.taken("--listen", listen, e);
    }
  }

  private @Nullable TlsFiles files() throws Failure {
    if (certificate != null && key != null && authorities != null) {
      return new TlsFiles(certificate, key, authorities);
    }
    if (certificate != null || key != null || authorities != null) {
      throw new Failure("--xds-certificate, --xds-key and --xds-ca need each other");
    }
    return null;
  }
}
