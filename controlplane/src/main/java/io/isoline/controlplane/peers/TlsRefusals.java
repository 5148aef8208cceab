package io.isoline.controlplane.peers;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.netty.shaded.io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells in the log which clients are refused and why: for each reason one line a minute, as a
 * client that is refused comes back every second. Safe for use by several threads.
 */
final class TlsRefusals {
  private static final long MINUTE = 60_000_000_000L;

  /** Why a client is refused. */
  enum Reason {
    PLAINTEXT(
        "it speaks no TLS; an Envoy needs a bootstrap made with --xds-certificate, --xds-key and"
            + " --xds-ca"),
    OLD_TLS("it does not offer TLS 1.3"),
    NO_CERTIFICATE("it shows no certificate"),
    EXPIRED("its certificate has expired, or is of the future"),
    FOREIGN("its certificate comes from no CA that is trusted here, or is not for clients"),
    STRANGER(
        "its certificate has none of the DNS names "
            + Stream.of(PeerRole.values())
                .map(PeerRole::dnsName)
                .collect(Collectors.joining(", "))),
    OTHER_ROLE("its certificate is not for what it asks for"),
    IT_REFUSES("it does not accept the certificate of this control plane"),
    OTHER("the TLS handshake failed");

    private final String words;

    Reason(String words) {
      this.words = words;
    }
  }

  /** Says that a certificate is good but gives no {@link PeerRole}. */
  static final class Stranger extends CertificateException {
    Stranger() {
      super("no DNS name of Isoline");
    }
  }

  private static final class Count {
    private long since;
    private int untold;
  }

  private final Consumer<String> log;
  private final LongSupplier nanoTime;
  private final LongAdder total = new LongAdder();
  @GuardedBy("itself")
  private final Map<Reason, Count> counts = new EnumMap<>(Reason.class);

  TlsRefusals(Consumer<String> log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  void refused(String peer, Reason reason, @Nullable String detail) {
    total.increment();
    int untold;
    synchronized (counts) {
      long now = nanoTime.getAsLong();
      Count count = counts.get(reason);
      if (count != null && now - count.since < MINUTE) {
        count.untold++;
        return;
      }
      untold = count == null ? 0 : count.untold;
      Count fresh = new Count();
      fresh.since = now;
      counts.put(reason, fresh);
    }
    log.accept(
        "client %s is refused: %s%s%s"
            .formatted(
                peer,
                reason.words,
                detail == null ? "" : ": " + detail,
                untold == 0 ? "" : " (and %d more before)".formatted(untold)));
  }

  /** How many clients were refused so far. */
  long total() {
    return total.sum();
  }

  /** A handshake that failed; silent for a client that just went away, as port probes do. */
  void failed(String peer, Throwable failure) {
    Reason reason = reason(failure);
    if (reason != null) {
      refused(
          peer,
          reason,
          reason == Reason.OTHER || reason == Reason.IT_REFUSES ? failure.getMessage() : null);
    }
  }

  /** The reason behind an exception of the JDK; null when the client did not even try. */
  static @Nullable Reason reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case NotSslRecordException plain -> {
          return Reason.PLAINTEXT;
        }
        case Stranger stranger -> {
          return Reason.STRANGER;
        }
        case CertificateExpiredException expired -> {
          return Reason.EXPIRED;
        }
        case CertificateNotYetValidException early -> {
          return Reason.EXPIRED;
        }
        case CertPathBuilderException noPath -> {
          return Reason.FOREIGN;
        }
        default -> {
          if (cause.getCause() == null) {
            return byMessage(cause);
          }
        }
      }
    }
    return Reason.OTHER;
  }

  private static @Nullable Reason byMessage(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("empty client certificate chain")) {
      return Reason.NO_CERTIFICATE;
    }
    if (message.contains("protocol version") || message.contains("not enabled or supported")) {
      return Reason.OLD_TLS;
    }
    if (message.contains("received fatal alert")) {
      return Reason.IT_REFUSES;
    }
    if (failure instanceof CertificateException) {
      return Reason.FOREIGN;
    }
    return failure instanceof SSLException ? Reason.OTHER : null;
  }
}
