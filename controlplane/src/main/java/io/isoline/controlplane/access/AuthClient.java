package io.isoline.controlplane.access;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.isoline.controlplane.access.Question.Server;
import io.isoline.translator.backend.EndpointAddresses;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Asks authentication services, and keeps connections to them. Where a name leads is looked up for each
 * connection, and one that leads to this machine or to a cloud's metadata is not asked, whatever it
 * was when somebody looked before.
 *
 * <p>For any thread; each call blocks its own.
 */
final class AuthClient implements Closeable {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /** As long as ingress-nginx waits. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int MAX_ADDRESSES = 3;
  private static final int KEPT_PER_SERVER = 32;
  private static final int KEPT = 256;
  private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();

  private record Kept(AuthConnection connection, long since) {}

  private final Duration limit;
  private final SSLSocketFactory verifying;
  private final SSLSocketFactory trusting;

  @GuardedBy("this")
  private final Map<Server, ArrayDeque<Kept>> kept = new HashMap<>();

  @GuardedBy("this")
  private int count;

  @GuardedBy("this")
  private boolean closed;

  AuthClient(Duration limit) {
    this.limit = limit;
    try {
      verifying = SSLContext.getDefault().getSocketFactory();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Trusting()}, null);
      trusting = context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Is told the answer as soon as it is there, while the connection may still be busy. */
  interface Listener {
    void answered(AuthAnswer answer);
  }

  /**
   * Asks.
   *
   * @throws IOException when there is no answer, with the reason
   */
  void ask(Question question, Cancellation cancellation, Listener listener) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    AuthConnection connection = isRepeatable(question) ? take(question.server()) : null;
    if (connection != null && !begin(connection, question, deadline, cancellation)) {
      connection.close();
      connection = null;
    }
    if (connection == null) {
      connection = connect(question.server(), deadline, cancellation);
      if (!begin(connection, question, deadline, cancellation)) {
        connection.close();
        throw new IOException("the service closes the connection without an answer");
      }
    }
    boolean done = false;
    try {
      AuthAnswer answer = connection.head(question.method());
      listener.answered(answer);
      done = connection.finish();
      cancellation.closing(null);
    } finally {
      if (!done || !keep(question.server(), connection)) {
        connection.close();
      }
    }
  }

  /** A connection that was kept may end at any time; what was sent may have been acted on. */
  private static boolean isRepeatable(Question question) {
    return switch (question.method()) {
      case "GET", "HEAD", "OPTIONS" -> true;
      default -> false;
    };
  }

  /** Sends the question; false when the connection had ended. */
  private static boolean begin(
      AuthConnection connection, Question question, long deadline, Cancellation cancellation)
      throws IOException {
    cancellation.closing(connection);
    try {
      connection.send(question, deadline);
      return connection.isAnswering();
    } catch (SocketTimeoutException e) {
      connection.close();
      throw e;
    } catch (IOException e) {
      // Not when the client has left.
      cancellation.closing(null);
      return false;
    }
  }

  private AuthConnection connect(
      Server server, long deadline, Cancellation cancellation) throws IOException {
    IOException last = new IOException("the name of the service has no address");
    for (InetAddress address : addresses(server.host(), server.loopback())) {
      long millis =
          Math.min(CONNECT_LIMIT.toMillis(), (deadline - System.nanoTime()) / 1_000_000);
      if (millis <= 0) {
        throw last;
      }
      Socket socket = new Socket();
      boolean done = false;
      try {
        cancellation.closing(socket);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(address, server.port()), (int) millis);
        AuthConnection connection =
            new AuthConnection(server.tls() ? secured(socket, server, (int) millis) : socket);
        done = true;
        return connection;
      } catch (IOException e) {
        last = e;
      } finally {
        if (!done) {
          socket.close();
        }
      }
    }
    throw last;
  }

  private static List<InetAddress> addresses(String host, boolean loopback) throws IOException {
    InetAddress[] all;
    try {
      all = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new IOException("the name of the service is not known to DNS", e);
    }
    List<InetAddress> allowed = new ArrayList<>();
    String objection = null;
    for (InetAddress address : all) {
      String against = EndpointAddresses.objection(address, loopback);
      if (against == null) {
        allowed.add(address);
      } else {
        objection = "the service has the address " + address.getHostAddress() + ": " + against;
      }
    }
    if (allowed.isEmpty() && objection != null) {
      throw new IOException(objection);
    }
    return allowed.subList(0, Math.min(MAX_ADDRESSES, allowed.size()));
  }

  private SSLSocket secured(Socket socket, Server server, int millis) throws IOException {
    SSLSocketFactory factory = server.verified() ? verifying : trusting;
    SSLSocket secured =
        (SSLSocket) factory.createSocket(socket, server.host(), server.port(), true);
    if (server.verified()) {
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secured.setSSLParameters(parameters);
    }
    secured.setSoTimeout(millis);
    secured.startHandshake();
    return secured;
  }

  private synchronized @Nullable AuthConnection take(Server server) {
    ArrayDeque<Kept> ofServer = kept.get(server);
    Kept last = ofServer == null ? null : ofServer.pollLast();
    if (last == null) {
      return null;
    }
    count--;
    if (ofServer != null && ofServer.isEmpty()) {
      kept.remove(server);
    }
    if (System.nanoTime() - last.since() > KEPT_NANOS) {
      close(last.connection());
      return null;
    }
    return last.connection();
  }

  private synchronized boolean keep(Server server, AuthConnection connection) {
    forgetOld();
    ArrayDeque<Kept> ofServer = kept.getOrDefault(server, new ArrayDeque<>());
    if (closed || count >= KEPT || ofServer.size() >= KEPT_PER_SERVER) {
      return false;
    }
    ofServer.addLast(new Kept(connection, System.nanoTime()));
    kept.put(server, ofServer);
    count++;
    return true;
  }

  @GuardedBy("this")
  private void forgetOld() {
    long now = System.nanoTime();
    for (Iterator<ArrayDeque<Kept>> all = kept.values().iterator(); all.hasNext(); ) {
      ArrayDeque<Kept> ofServer = all.next();
      while (!ofServer.isEmpty() && now - ofServer.getFirst().since() > KEPT_NANOS) {
        close(ofServer.removeFirst().connection());
        count--;
      }
      if (ofServer.isEmpty()) {
        all.remove();
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    kept.values().forEach(each -> each.forEach(one -> close(one.connection())));
    kept.clear();
    count = 0;
  }

  private static void close(AuthConnection connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // It is as closed as it can be.
    }
  }

  /** Takes any certificate, as ingress-nginx does of all services. */
  private static final class Trusting extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
