package io.isoline.controlplane.envoy;

import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A TLS connection that accepts every certificate and says which one it was shown. */
public final class TlsConnection extends Connection {

  private final SSLSocket socket;

  private TlsConnection(SSLSocket socket) throws IOException {
    super(socket);
    this.socket = socket;
  }

  /**
   * What the client offers.
   *
   * @param serverName for SNI, empty for none
   * @param signatureSchemes which certificates it can use; all that the JDK has when empty
   * @param applicationProtocols for ALPN
   * @param cipherSuites of TLS 1.2, which is then the only version; all that the JDK has when empty
   */
  public record Hello(
      String serverName,
      List<String> signatureSchemes,
      List<String> applicationProtocols,
      List<String> cipherSuites) {

    public static Hello to(String serverName) {
      return new Hello(serverName, List.of(), List.of(), List.of());
    }

    static Hello withoutServerName() {
      return to("");
    }

    Hello withSignatureSchemes(String... schemes) {
      return new Hello(serverName, List.of(schemes), applicationProtocols, cipherSuites);
    }

    Hello withAlpn(String... protocols) {
      return new Hello(serverName, signatureSchemes, List.of(protocols), cipherSuites);
    }

    Hello withCipherSuites(List<String> suites) {
      return new Hello(serverName, signatureSchemes, applicationProtocols, suites);
    }
  }

  /**
   * Loads what a handshake needs. On a busy machine that takes seconds in a young process, and a
   * server waits for a hello no longer than that.
   */
  public static void warmUp() throws SSLException {
    SSLEngine engine = trustingAll().createSSLEngine();
    engine.setUseClientMode(true);
    engine.wrap(
        ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
  }

  /** Shakes hands. */
  static TlsConnection open(int port, Hello hello) throws IOException {
    return open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), hello);
  }

  /** Shakes hands with a server that is not on the loopback address. */
  public static TlsConnection open(InetSocketAddress server, Hello hello) throws IOException {
    return open(server, hello, trustingAll());
  }

  /** Shakes hands as a client that may have a certificate. */
  static TlsConnection open(int port, Hello hello, SSLContext client) throws IOException {
    return open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), hello, client);
  }

  private static TlsConnection open(InetSocketAddress server, Hello hello, SSLContext client)
      throws IOException {
    // A host name given to the factory would be sent as SNI.
    Socket plain = new Socket(server.getAddress(), server.getPort());
    try {
      SSLSocket socket =
          (SSLSocket)
              client.getSocketFactory().createSocket(plain, null, server.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(
          hello.serverName().isEmpty() ? List.of() : List.of(new SNIHostName(hello.serverName())));
      if (!hello.signatureSchemes().isEmpty()) {
        parameters.setSignatureSchemes(hello.signatureSchemes().toArray(String[]::new));
      }
      parameters.setApplicationProtocols(hello.applicationProtocols().toArray(String[]::new));
      if (!hello.cipherSuites().isEmpty()) {
        parameters.setProtocols(new String[] {"TLSv1.2"});
        parameters.setCipherSuites(hello.cipherSuites().toArray(String[]::new));
      }
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(Math.toIntExact(Await.LIMIT.toMillis()));
      socket.startHandshake();
      return new TlsConnection(socket);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  static SSLContext trustingAll() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate that Envoy showed. */
  X509Certificate certificate() throws IOException {
    Certificate[] chain = socket.getSession().getPeerCertificates();
    return (X509Certificate) chain[0];
  }

  /** The common name of the certificate that Envoy showed. */
  public String commonName() throws IOException {
    return certificate().getSubjectX500Principal().getName().replaceFirst("^CN=", "");
  }

  String version() {
    return socket.getSession().getProtocol();
  }

  String cipherSuite() {
    return socket.getSession().getCipherSuite();
  }

  /** What ALPN came to, empty for nothing. */
  String applicationProtocol() {
    return socket.getApplicationProtocol();
  }

  /** A GET with a host that may differ from the name in SNI. */
  Response get(String host, String path) throws IOException {
    return exchange("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  }
}
