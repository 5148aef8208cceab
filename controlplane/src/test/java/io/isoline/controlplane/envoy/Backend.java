package io.isoline.controlplane.envoy;

import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersDecoder;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A server behind Envoy that answers each request with that request, as it was on the wire. Written
 * on sockets, as a server library would change or refuse some of what tests send.
 *
 * <p>Speaks HTTP/1.1 and, to clients that begin with its preface, HTTP/2, where it answers with its
 * name only. What comes after the body of a request, its trailers, is after the body of the answer.
 * By TLS, the header {@code X-Tls} of an answer says the name that was asked for, the version, the
 * subject of the client's certificate and the cipher suite, with bars between them. The query of a
 * request changes the answer:
 *
 * <ul>
 *   <li>{@code ?trickle=N} sends N bytes, one a second.
 *   <li>{@code ?text=N} sends N bytes of text.
 *   <li>{@code ?headers} adds headers that proxies like to touch.
 *   <li>{@code ?lines=N} adds N header lines.
 *   <li>{@code ?hints} sends 103 before the answer.
 *   <li>{@code ?chunked} sends chunks.
 *   <li>{@code ?trailers} sends chunks and a trailer.
 *   <li>{@code ?leave=NAME} has the backend of that name close the connection without an answer.
 * </ul>
 *
 * <p>A header {@code X-Answer: NAME: VALUE} of a request is a header of its answer.
 *
 * <p>An upgrade to a WebSocket is accepted, on HTTP/2 by an extended CONNECT, and then every byte is
 * sent back. Without a key the answer is 400.
 */
final class Backend implements AutoCloseable {

  static final String DATE = "Sat, 01 Jan 2000 00:00:00 GMT";

  private final String name;
  private final ServerSocket server;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final List<Request> received = new CopyOnWriteArrayList<>();
  private final AtomicInteger http2Requests = new AtomicInteger();

  private Backend(String name, ServerSocket server) {
    this.name = name;
    this.server = server;
    Thread.ofVirtual().start(this::accept);
  }

  static Backend start(String name) throws IOException {
    return new Backend(name, new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
  }

  static Backend startTls(String name, TestCertificate certificate) throws IOException {
    SSLContext context = certificate.serverContext();
    return new Backend(
        name,
        context
            .getServerSocketFactory()
            .createServerSocket(0, 100, InetAddress.getLoopbackAddress()));
  }

  /** The same, which shows another certificate and asks clients for one. */
  static Backend startTls(String name, SSLContext context, boolean asksClients)
      throws IOException {
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 100, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(asksClients);
    return new Backend(name, server);
  }

  String name() {
    return name;
  }

  int port() {
    return server.getLocalPort();
  }

  /** The requests in HTTP/1.1 so far. */
  List<Request> received() {
    return received;
  }

  /** Connections that are open now. */
  int connections() {
    return connections.size();
  }

  int http2Requests() {
    return http2Requests.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      String tls = tls(socket);
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      OutputStream out = new BufferedOutputStream(socket.getOutputStream());
      String head = Wire.head(in);
      if (head.startsWith("PRI * HTTP/2.0")) {
        in.skipNBytes("SM\r\n\r\n".length());
        serveHttp2(in, out);
        return;
      }
      while (!head.isEmpty()) {
        Request request = Request.parse(head);
        received.add(request);
        if (!request.header("upgrade").isEmpty()) {
          upgrade(in, out, request);
          return;
        }
        StringBuilder trailers = new StringBuilder();
        if (!request.header("expect").isEmpty()) {
          write(out, "HTTP/1.1 100 Continue\r\n\r\n");
        }
        Wire.body(in, request.headers(), false, trailers);
        if (request.target().endsWith("?leave=" + name)) {
          return;
        }
        answer(out, request, tls, head + trailers);
        head = Wire.head(in);
      }
    } catch (IOException e) {
      // The client went away.
    } finally {
      connections.remove(socket);
    }
  }

  /** What was agreed on, as a header line; empty without TLS. */
  private static String tls(Socket socket) throws IOException {
    if (!(socket instanceof SSLSocket encrypted)) {
      return "";
    }
    encrypted.startHandshake();
    ExtendedSSLSession session = (ExtendedSSLSession) encrypted.getSession();
    String sni = "";
    for (SNIServerName each : session.getRequestedServerNames()) {
      sni = new String(each.getEncoded(), StandardCharsets.US_ASCII);
    }
    return "X-Tls: %s|%s|%s|%s\r\n"
        .formatted(
            sni,
            session.getProtocol(),
            encrypted.getNeedClientAuth() ? session.getPeerPrincipal().getName() : "",
            session.getCipherSuite());
  }

  private void answer(OutputStream out, Request request, String tls, String head)
      throws IOException {
    String target = request.target();
    int trickle = query(target, "trickle");
    if (trickle > 0) {
      write(
          out, "HTTP/1.1 200 OK\r\nX-Backend: " + name + "\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < trickle; i++) {
        LockSupport.parkNanos(1_000_000_000L);
        write(out, "1\r\n.\r\n");
      }
      write(out, "0\r\n\r\n");
      return;
    }
    if (target.endsWith("?hints")) {
      write(out, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
    }
    boolean trailers = target.endsWith("?trailers");
    if (trailers || target.endsWith("?chunked")) {
      write(
          out,
          "HTTP/1.1 200 OK\r\nX-Backend: %s\r\n%sTransfer-Encoding: chunked\r\n\r\n"
              .concat("%x\r\n%s\r\n0\r\n%s\r\n")
              .formatted(
                  name,
                  trailers ? "Trailer: X-Sum\r\n" : "",
                  head.length(),
                  head,
                  trailers ? "X-Sum: 42\r\n" : ""));
      return;
    }
    int text = query(target, "text");
    String body = text > 0 ? "a".repeat(text) : head;
    String more =
        target.endsWith("?headers")
            ? "Server: backend/1\r\nDate: " + DATE + "\r\nVia: 1.1 other\r\nX-Powered-By: tests\r\n"
            : "";
    if (!request.header("x-answer").isEmpty()) {
      more += request.header("x-answer") + "\r\n";
    }
    write(
        out,
        "HTTP/1.1 200 OK\r\nX-Backend: "
            + name
            + "\r\nContent-Type: text/plain\r\n"
            + more
            + tls
            + "X-Line: x\r\n".repeat(query(target, "lines"))
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static int query(String target, String key) {
    int at = target.indexOf("?" + key + "=");
    return at < 0 ? 0 : Integer.parseInt(target.substring(at + key.length() + 2));
  }

  private void upgrade(DataInputStream in, OutputStream out, Request request) throws IOException {
    String key = request.header("sec-websocket-key");
    if (key.length() != 24) {
      write(out, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    write(
        out,
        "HTTP/1.1 101 Switching Protocols\r\nX-Backend: "
            + name
            + "\r\nConnection: Upgrade\r\nUpgrade: "
            + request.header("upgrade")
            + "\r\nSec-WebSocket-Accept: "
            + Wire.webSocketAccept(key)
            + "\r\n\r\n");
    int octet = in.read();
    while (octet >= 0) {
      out.write(octet);
      out.flush();
      octet = in.read();
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** The least of RFC 9113 and 8441 that answers requests. */
  private void serveHttp2(DataInputStream in, OutputStream out) throws IOException {
    // SETTINGS_ENABLE_CONNECT_PROTOCOL is 1.
    frame(out, 0x4, 0, 0, new byte[] {0, 8, 0, 0, 0, 1});
    Http2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    Set<Integer> tunnels = new HashSet<>();
    // :status 200 by its number in HPACK's table, then a literal field that is not indexed.
    String answer = "\u0088\0\tx-backend" + (char) name.length() + name;
    byte[] headers = answer.getBytes(StandardCharsets.ISO_8859_1);
    while (true) {
      int lengthAndType = in.readInt();
      int length = lengthAndType >>> 8;
      int type = lengthAndType & 0xff;
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = in.readNBytes(length);
      boolean ack = (flags & 0x1) != 0;
      switch (type) {
        case 0x4, 0x6 -> {
          if (!ack) {
            frame(out, type, 0x1, 0, type == 0x6 ? payload : new byte[0]);
          }
        }
        case 0x0, 0x1 -> {
          Http2Headers fields = type == 0x1 ? Wire.fields(decoder, stream, payload) : null;
          if (fields != null && "websocket".contentEquals(fields.get(":protocol", ""))) {
            tunnels.add(stream);
            frame(out, 0x1, 0x4, stream, headers);
          } else if (tunnels.contains(stream)) {
            frame(out, 0x0, flags, stream, payload);
          } else if (ack) { // the same bit says that the request ends
            http2Requests.incrementAndGet();
            frame(out, 0x1, 0x4, stream, headers);
            StringBuilder body = new StringBuilder(name);
            if (fields != null && fields.method() == null) {
              fields.forEach(
                  field -> body.append(' ').append(field.getKey()).append('=').append(field.getValue()));
            }
            frame(out, 0x0, 0x1, stream, body.toString().getBytes(StandardCharsets.US_ASCII));
          }
        }
        default -> {}
      }
    }
  }

  private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.write(
        ByteBuffer.allocate(9 + payload.length)
            .putInt(payload.length << 8 | type)
            .put((byte) flags)
            .putInt(stream)
            .put(payload)
            .array());
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : connections) {
      socket.close();
    }
  }
}
