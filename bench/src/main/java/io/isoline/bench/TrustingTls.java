package io.isoline.bench;

import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** The client side of TLS for a benchmark: takes any certificate, and keeps no sessions. */
public final class TrustingTls {

  private final SSLContext context;

  /** Makes one for any number of connections and threads. */
  public TrustingTls() throws GeneralSecurityException {
    context = SSLContext.getInstance("TLS");
    context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    // The least there is. By default 20,480 are kept for a day, and a soak takes that for a leak.
    context.getClientSessionContext().setSessionCacheSize(1);
  }

  /**
   * Puts TLS on a connection, without the handshake.
   *
   * @param host for SNI
   */
  public SSLSocket over(Socket plain, String host) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(host)));
    socket.setSSLParameters(parameters);
    return socket;
  }
}
