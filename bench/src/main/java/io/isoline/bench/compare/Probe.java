package io.isoline.bench.compare;

import io.isoline.bench.TrustingTls;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** Asks Envoy until the answer is the right one, each time on a new connection. */
final class Probe {

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(20);

  /** Of the time waited so far: what a longer wait may be wrong by. */
  private static final int PAUSE_SHARE = 50;

  private static final int TIMEOUT_MILLIS = 5_000;
  private static final Pattern POD = Pattern.compile("\"pod\": ?\"([^\"]*)\"");

  private final String address;
  private final boolean secured;
  private final TrustingTls tls = new TrustingTls();

  Probe(String address, boolean secured) throws GeneralSecurityException {
    this.address = address;
    this.secured = secured;
  }

  /**
   * What came of a request.
   *
   * @param status 0 when there was no whole answer
   * @param pod that answered, or empty
   * @param serial of the certificate that was shown; 0 for none
   * @param refused whether the connection was made, and ended by Envoy during the handshake
   */
  record Answer(int status, String pod, BigInteger serial, boolean refused) {

    private static final Answer NONE = new Answer(0, "", BigInteger.ZERO, false);
    private static final Answer REFUSED = new Answer(0, "", BigInteger.ZERO, true);

    boolean isOk() {
      return status == 200;
    }

    boolean isOf(String wanted) {
      return isOk() && pod.equals(wanted);
    }

    /** No such host: 404, or no certificate for it. */
    boolean isNotServed() {
      return status == 404 || refused;
    }
  }

  /**
   * Asks until the answer is the right one.
   *
   * @param since what {@link System#nanoTime} was at the beginning
   * @return the milliseconds until the answer was right, negative when the time was over before
   */
  double await(
      String host, String path, Predicate<Answer> right, long since, Duration limit)
      throws InterruptedException {
    while (true) {
      boolean done = right.test(ask(host, path));
      long waited = System.nanoTime() - since;
      if (done) {
        return waited / 1e6;
      }
      if (waited > limit.toNanos()) {
        return -limit.toMillis();
      }
      Thread.sleep(
          Duration.ofNanos(
              Math.clamp(
                  waited / PAUSE_SHARE, SHORTEST_PAUSE.toNanos(), LONGEST_PAUSE.toNanos())));
    }
  }

  Answer ask(String host, String path) {
    try (Socket plain = new Socket()) {
      plain.setSoTimeout(TIMEOUT_MILLIS);
      plain.setTcpNoDelay(true);
      plain.connect(
          new InetSocketAddress(address, secured ? Subject.HTTPS_PORT : Subject.HTTP_PORT),
          TIMEOUT_MILLIS);
      return secured ? askSecured(plain, host, path) : answer(plain, host, path, BigInteger.ZERO);
    } catch (IOException e) {
      return Answer.NONE;
    }
  }

  private Answer askSecured(Socket plain, String host, String path) throws IOException {
    try (SSLSocket socket = tls.over(plain, host)) {
      try {
        socket.startHandshake();
      } catch (SSLException e) {
        return Answer.REFUSED;
      } catch (java.net.SocketException e) {
        return Answer.REFUSED;
      }
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      // No handshake shall be shortened by one before.
      socket.getSession().invalidate();
      return answer(socket, host, path, shown.getSerialNumber());
    }
  }

  private static Answer answer(Socket socket, String host, String path, BigInteger serial)
      throws IOException {
    socket
        .getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    HttpResponse response = HttpResponse.read(socket.getInputStream());
    Matcher pod = POD.matcher(response.body());
    return new Answer(response.status(), pod.find() ? pod.group(1) : "", serial, false);
  }

  /** An HTTP/1.1 response, as Envoy writes it. */
  record HttpResponse(int status, String body) {

    private static final int MAX_HEAD_BYTES = 64 << 10;

    /** Reads one, and nothing behind it. */
    static HttpResponse read(InputStream in) throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
        head.append((char) next(in));
        if (head.length() > MAX_HEAD_BYTES) {
          throw new IOException("too long");
        }
      }
      int length = -1;
      for (String line : head.toString().split("\r\n", -1)) {
        if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
          length = Integer.parseInt(line.substring(15).strip());
        }
      }
      return new HttpResponse(
          Integer.parseInt(head.substring(9, 12)),
          new String(
              length >= 0 ? in.readNBytes(length) : chunks(in), StandardCharsets.UTF_8));
    }

    private static byte[] chunks(InputStream in) throws IOException {
      var body = new java.io.ByteArrayOutputStream();
      while (true) {
        StringBuilder line = new StringBuilder();
        for (int next = next(in); next != '\n'; next = next(in)) {
          line.append((char) next);
        }
        int size = Integer.parseInt(line.toString().strip(), 16);
        body.write(in.readNBytes(size));
        in.readNBytes(2);
        if (size == 0) {
          return body.toByteArray();
        }
      }
    }

    private static int next(InputStream in) throws IOException {
      int next = in.read();
      if (next < 0) {
        throw new IOException("cut off");
      }
      return next;
    }
  }
}
