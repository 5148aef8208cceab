package io.isoline.controlplane.peers;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextChannelCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mutual TLS 1.3 between the parts of Isoline, from files that may change at any time.
 *
 * <p>The files are looked at every other second, by content, as the links of a Secret volume change
 * without a change of any file. A new content counts from the next handshake on; connections that
 * are open go on, until the client's certificate expires. Contents that cannot be used, a key of
 * another certificate for instance, leave what was there before, with one line in the log.
 *
 * <p>A client is known by a {@link PeerRole} in its certificate, and one without any is refused in
 * the handshake, before it can call anything.
 *
 * <p>Safe for use by several threads. The TLS is that of the JDK: the native one of gRPC would have
 * to unpack a library into a directory from which the root of a container lets nothing run.
 */
public final class PeerTls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PeerTls.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final String TLS_1_3 = "TLSv1.3";

  private final TlsFiles files;
  private final AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager clients;
  private final AdvancedTlsX509TrustManager servers;
  private final Consumer<String> warnings;
  private final InstantSource clock;
  private final Expiries expiries = new Expiries();
  private final TlsRefusals refusals;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("xds-certificates").unstarted(task));

  // The thread that opens it, then that of the watch.
  private TlsFiles.@Nullable Contents current;
  private @Nullable String lastProblem;
  private @Nullable String toldProblem;

  private volatile Instant notAfter = Instant.MIN;

  private PeerTls(TlsFiles files, Consumer<String> warnings, InstantSource clock)
      throws TlsFiles.Unusable {
    this.clock = clock;
    this.files = files;
    this.warnings = warnings;
    refusals = new TlsRefusals(warnings, System::nanoTime);
    try {
      clients =
          AdvancedTlsX509TrustManager.newBuilder()
              .setVerification(
                  AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION)
              .setSslSocketAndEnginePeerVerifier(new NoStrangers())
              .build();
      servers = AdvancedTlsX509TrustManager.newBuilder().build();
    } catch (CertificateException e) {
      throw new IllegalStateException("the Java runtime lacks X.509", e);
    }
    TlsFiles.Contents contents = files.contents();
    use(contents, files.read(contents, clock.instant()));
  }

  /**
   * Reads the files, and from now on whatever they become.
   *
   * @throws TlsFiles.Unusable when one of them cannot be used
   */
  public static PeerTls open(TlsFiles files) throws TlsFiles.Unusable {
    return open(files, LOOK_EVERY, log::warn, InstantSource.system());
  }

  /** The same for tests, which choose the pace and the clock and see the warnings. */
  static PeerTls open(
      TlsFiles files, Duration lookEvery, Consumer<String> warnings, InstantSource clock)
      throws TlsFiles.Unusable {
    PeerTls tls = new PeerTls(files, warnings, clock);
    var _ =
        tls.watch.scheduleWithFixedDelay(
            tls::look, lookEvery.toMillis(), lookEvery.toMillis(), TimeUnit.MILLISECONDS);
    return tls;
  }

  /** Ends the watch of the files. What was made of them goes on with their last contents. */
  @Override
  public void close() {
    watch.shutdownNow();
  }

  /** Until when the certificate is valid that is in use now. */
  public Instant notAfter() {
    return notAfter;
  }

  /** How many clients were refused so far. */
  public long refused() {
    return refusals.total();
  }

  /** For a server that asks every client for its certificate. */
  public ServerCredentials serverCredentials() {
    try {
      SslContextBuilder context =
          SslContextBuilder.forServer(own).trustManager(clients).clientAuth(ClientAuth.REQUIRE);
      return InternalNettyServerCredentials.create(
          new TlsHandshakes(
              InternalProtocolNegotiators.serverTls(build(context)), refusals, warnings, expiries));
    } catch (SSLException e) {
      throw new IllegalStateException("the Java runtime lacks " + TLS_1_3, e);
    }
  }

  /**
   * For a channel to another replica, as {@link PeerRole#REPLICA}. The channel has to expect the
   * server's name by {@code overrideAuthority(PeerRole.REPLICA.dnsName())}, whatever its address.
   */
  public ChannelCredentials channelCredentials() {
    try {
      SslContextBuilder context =
          SslContextBuilder.forClient().keyManager(own).trustManager(servers);
      return NettySslContextChannelCredentials.create(build(context));
    } catch (SSLException e) {
      throw new IllegalStateException("the Java runtime lacks " + TLS_1_3, e);
    }
  }

  private static SslContext build(SslContextBuilder context) throws SSLException {
    return GrpcSslContexts.configure(context, SslProvider.JDK).protocols(TLS_1_3).build();
  }

  /** The service for clients of its role alone. */
  public ServerServiceDefinition guard(PeerService service) {
    return ServerInterceptors.intercept(service.service(), new PeerCheck(service.role(), this));
  }

  TlsRefusals refusals() {
    return refusals;
  }

  /**
   * Checks a client's certificate by what the files hold now, which may be less than at the time of
   * its handshake.
   *
   * @param chain its own certificate first
   * @return what it is; not empty
   * @throws CertificateException when it has expired or its CA is not trusted (any more)
   */
  Set<PeerRole> check(X509Certificate[] chain) throws CertificateException {
    // The manager insists on a connection, of which it then asks nothing.
    clients.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm(), new Socket());
    return PeerRole.of(chain[0]);
  }

  private void use(TlsFiles.Contents contents, TlsFiles.Material material)
      throws TlsFiles.Unusable {
    X509Certificate[] authorities = material.authorities().toArray(new X509Certificate[0]);
    try {
      clients.updateTrustCredentials(authorities);
      servers.updateTrustCredentials(authorities);
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsFiles.Unusable(files.authorities() + " cannot be used: " + e.getMessage(), e);
    }
    own.updateIdentityCredentials(material.chain().toArray(new X509Certificate[0]), material.key());
    notAfter = material.chain().getFirst().getNotAfter().toInstant();
    current = contents;
  }

  private void look() {
    try {
      expiries.look(clock.instant());
      TlsFiles.Contents contents = files.contents();
      if (!contents.equals(current)) {
        TlsFiles.Material material = files.read(contents, clock.instant());
        use(contents, material);
        log.info(
            "new certificate from {}, valid until {}; open connections go on with the old one",
            files.certificate(),
            material.chain().getFirst().getNotAfter().toInstant());
      }
      lastProblem = null;
      toldProblem = null;
    } catch (TlsFiles.Unusable e) {
      String problem = String.valueOf(e.getMessage());
      // The first time, the files may be half replaced: the certificate is new and its key is not.
      if (problem.equals(lastProblem) && !problem.equals(toldProblem)) {
        warnings.accept(problem + "; the last good certificates stay in use");
        toldProblem = problem;
      }
      lastProblem = problem;
    } catch (RuntimeException e) {
      log.error("a defect in Isoline: the certificates for xDS cannot be read again", e);
    }
  }

  /** Refuses certificates that give their owner no role, whoever has issued them. */
  private static final class NoStrangers
      implements AdvancedTlsX509TrustManager.SslSocketAndEnginePeerVerifier {
    @Override
    public void verifyPeerCertificate(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      verify(chain);
    }

    @Override
    public void verifyPeerCertificate(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      verify(chain);
    }

    private static void verify(X509Certificate[] chain) throws CertificateException {
      if (PeerRole.of(chain[0]).isEmpty()) {
        throw new TlsRefusals.Stranger();
      }
    }
  }
}
