package io.isoline.translator.tls;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Carries the first thing that is wrong out of the reading of a certificate or key. */
final class Refusal extends Exception {

  private final String fix;
  private final @Nullable Instant recheckAt;

  /**
   * Says what is wrong.
   *
   * @param message a clause that names the data key and says what is wrong with it
   * @param fix what to do about it
   */
  Refusal(String message, String fix) {
    this(message, fix, null);
  }

  Refusal(String message, String fix, @Nullable Instant recheckAt) {
    super(message, null, false, false);
    this.fix = fix;
    this.recheckAt = recheckAt;
  }

  String fix() {
    return fix;
  }

  ServerCertificate.Invalid invalid() {
    return new ServerCertificate.Invalid(String.valueOf(getMessage()), fix, recheckAt);
  }
}
