package io.isoline.translator.annotation;

import io.isoline.translator.model.BackendOptions;
import org.jspecify.annotations.Nullable;

/**
 * What annotations ask of the backends of an Ingress.
 *
 * @param options how they are spoken to
 * @param speaking whether they are spoken to as {@code options} say
 * @param affinity how clients are kept on an endpoint; null for not at all
 * @param errors who answers where they fail; null for nobody
 * @param mirror who gets copies of requests; null for nobody
 */
public record BackendPolicy(
    BackendOptions options,
    Speaking speaking,
    @Nullable SessionAffinity affinity,
    @Nullable ErrorPolicy errors,
    @Nullable MirrorWish mirror) {

  /** Which protocol is spoken. */
  public enum Speaking {
    /** That of the options. */
    AS_SAID,
    /** HTTP or HTTPS, as the client does. */
    AS_THE_CLIENT,
    /** None, as they speak FastCGI. */
    NOT_AT_ALL
  }

  /** Asks for nothing. */
  public static final BackendPolicy NONE =
      new BackendPolicy(BackendOptions.NONE, Speaking.AS_SAID, null, null, null);

  BackendPolicy with(BackendOptions other) {
    return new BackendPolicy(other, speaking, affinity, errors, mirror);
  }

  BackendPolicy speaking(Speaking other) {
    return new BackendPolicy(options, other, affinity, errors, mirror);
  }

  /** Whether HTTP or HTTPS is spoken, as the client does. */
  public boolean asTheClient() {
    return speaking == Speaking.AS_THE_CLIENT;
  }

  /** Whether they speak what Envoy does not, so that nothing is sent to them. */
  public boolean isUnspoken() {
    return speaking == Speaking.NOT_AT_ALL;
  }

  BackendPolicy keeping(SessionAffinity sessions) {
    return new BackendPolicy(options, speaking, sessions, errors, mirror);
  }

  BackendPolicy handling(ErrorPolicy failures) {
    return new BackendPolicy(options, speaking, affinity, failures, mirror);
  }

  BackendPolicy copying(MirrorWish wish) {
    return new BackendPolicy(options, speaking, affinity, errors, wish);
  }
}
