package io.isoline.controlplane.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.vertx.TlsWarmup;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;

/**
 * Lets many requests share a connection, by HTTP/2, which the client does not use by itself. A watch
 * lasts, so with HTTP/1.1 each has a connection for itself: for 3,000 Secrets 3,000 connections, and
 * as many TLS handshakes at each restart, instead of 30.
 */
final class SharedConnections extends VertxHttpClientFactory {

  /** An API server takes 100 requests at a time on a connection, so this is for 25,600. */
  private static final int MAX_CONNECTIONS = 256;

  /** What a connection may hold that nobody has read yet; all of its watches share it. */
  private static final int WINDOW_BYTES = 8 << 20;

  /**
   * A connection with a watch is never silent for longer than a minute, the interval of bookmarks.
   * After two and a half it is taken for dead, or all that share it would wait for a host that is
   * gone until TCP gives up, after a quarter of an hour.
   */
  private static final int SILENCE_SECONDS = 150;

  private final Config config;

  private SharedConnections(Vertx vertx, Config config) {
    super(vertx);
    this.config = config;
    setTlsWarmup(TlsWarmup.OFF);
  }

  /**
   * A factory of clients for one server.
   *
   * @param vertx runs them; the caller closes it after them
   */
  static SharedConnections of(Vertx vertx, Config config) {
    return new SharedConnections(vertx, config);
  }

  /** Few threads, which end with the process. */
  static Vertx vertx() {
    // Names are for the resolver of the system, which knows the search domains of a pod.
    System.setProperty("vertx.disableDnsResolver", "true");
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(2)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(2)
            // It reports a machine under load, in lines that help nobody.
            .setBlockedThreadCheckInterval(1)
            .setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false))
            .setUseDaemonThread(true));
  }

  @Override
  protected void additionalConfig(WebClientOptions options) {
    options.setReadIdleTimeout(SILENCE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
    if (!options.isSsl() || !config.getMasterUrl().startsWith("https:")) {
      return;
    }
    try {
      for (TrustManager manager : SSLUtils.trustManagers(config)) {
        options.setTrustOptions(TrustOptions.wrap(manager));
      }
      KeyManager[] keys = SSLUtils.keyManagers(config);
      if (keys != null && keys[0] instanceof X509KeyManager manager) {
        options.setKeyCertOptions(KeyCertOptions.wrap(manager));
      }
      cipherSuites().forEach(options::addEnabledCipherSuite);
    } catch (GeneralSecurityException | IOException e) {
      // The same files have just been read for the client; they are being replaced at this moment.
      throw new IllegalStateException(e);
    }
    options
        .setSslEngineOptions(new JdkSSLEngineOptions())
        .setVerifyHost(!config.isDisableHostnameVerification())
        .setUseAlpn(true)
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setHttp2MaxPoolSize(MAX_CONNECTIONS)
        .setHttp2ConnectionWindowSize(WINDOW_BYTES);
  }

  /**
   * The cipher suites of the JDK, ChaCha20 before AES: without its second compiler the JVM computes
   * ChaCha20 five times as fast, and an API server takes what its client likes best.
   */
  private static List<String> cipherSuites() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    // No trust managers: with the default ones the JDK would read all its root certificates.
    context.init(new KeyManager[0], new TrustManager[0], null);
    List<String> suites =
        new ArrayList<>(List.of(context.getDefaultSSLParameters().getCipherSuites()));
    suites.sort(Comparator.comparing(suite -> !suite.contains("CHACHA20")));
    return suites;
  }
}
