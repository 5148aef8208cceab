package io.isoline.controlplane.migrate.verify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.translator.tls.ServerCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;

/** Two servers in this process that stand for ingress-nginx and for Isoline, by HTTP and TLS. */
final class TwoServers implements AutoCloseable {

  private final List<HttpServer> servers = new ArrayList<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Target old;
  private final Target now;

  TwoServers(HttpHandler old, HttpHandler now) throws IOException, GeneralSecurityException {
    this.old = start("--old", old);
    this.now = start("--new", now);
  }

  private Target start(String name, HttpHandler handler)
      throws IOException, GeneralSecurityException {
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer http = HttpServer.create(anywhere, 50);
    HttpsServer https = HttpsServer.create(anywhere, 50);
    https.setHttpsConfigurator(new HttpsConfigurator(tls()));
    for (HttpServer server : List.of(http, https)) {
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              seen.add(words(name, exchange));
              handler.handle(exchange);
            }
          });
      server.setExecutor(threads);
      server.start();
      servers.add(server);
    }
    return new Target(name, address(http), address(https));
  }

  /** A server on a certificate of its own. */
  private static SSLContext tls() throws IOException, GeneralSecurityException {
    ServerCertificate.Valid made = DefaultCertificate.create(Instant.now());
    Certificate certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(made.chain().toByteArray()));
    String pem = made.key().toStringUtf8().replaceAll("-----[A-Z ]+-----|\\s", "");
    PrivateKey key =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("key", key, new char[0], new Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static String words(String name, HttpExchange exchange) {
    String sni = "";
    if (exchange instanceof HttpsExchange secure
        && secure.getSSLSession() instanceof ExtendedSSLSession session
        && !session.getRequestedServerNames().isEmpty()
        && session.getRequestedServerNames().getFirst() instanceof SNIHostName host) {
      sni = " sni " + host.getAsciiName();
    }
    return name
        + " "
        + exchange.getRequestMethod()
        + " "
        + exchange.getRequestHeaders().getFirst("Host")
        + exchange.getRequestURI()
        + sni;
  }

  private static Target.Address address(HttpServer server) {
    return new Target.Address("127.0.0.1", server.getAddress().getPort());
  }

  Target old() {
    return old;
  }

  Target now() {
    return now;
  }

  /** The requests that came, such as {@code --old GET a.example.com/ sni a.example.com}. */
  List<String> seen() {
    return seen;
  }

  /** The option for a side with both addresses. */
  static List<String> options(Target target) {
    return List.of(
        target.name(), "http://" + target.http(), target.name(), "https://" + target.https());
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    threads.shutdownNow();
  }
}
