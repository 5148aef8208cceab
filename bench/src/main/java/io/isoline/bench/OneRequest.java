package io.isoline.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** A request that is sent many times on one connection. */
record OneRequest(String text) {

  /**
   * A request for the path {@code /}.
   *
   * @param headers lines of headers, each with its end
   */
  static OneRequest to(String host, String headers) {
    return new OneRequest("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n");
  }

  /** The CPU time of Envoy for one, in microseconds. */
  double microsOfCpu(Edge edge, int requests) throws IOException {
    Duration before = edge.cpu();
    send(edge, requests);
    return edge.cpu().minus(before).toNanos() / 1e3 / requests;
  }

  /** How many are answered in a second, one after the other. */
  double perSecond(Edge edge, int requests) throws IOException {
    long start = System.nanoTime();
    send(edge, requests);
    return requests * 1e9 / (System.nanoTime() - start);
  }

  /**
   * Sends them.
   *
   * @throws IOException also when one is not answered by 200
   */
  private void send(Edge edge, int requests) throws IOException {
    byte[] request = text.getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.httpPort()));
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int i = 0; i < requests; i++) {
        socket.getOutputStream().write(request);
        readAnswer(in);
      }
    }
  }

  /** A head, and a body of the length that it says. */
  private void readAnswer(InputStream in) throws IOException {
    int length = 0;
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the connection ended");
      }
      if (next != '\n') {
        line.append((char) next);
        continue;
      }
      String header = line.toString().strip().toLowerCase(Locale.ROOT);
      line.setLength(0);
      if (header.startsWith("http/1.1 ") && !header.startsWith("http/1.1 200")) {
        throw new IOException(header + " is the answer to " + text.strip());
      }
      if (header.startsWith("content-length:")) {
        length = Integer.parseInt(header.substring("content-length:".length()).strip());
      } else if (header.isEmpty()) {
        in.skipNBytes(length);
        return;
      }
    }
  }
}
