package io.isoline.translator.annotation;

import io.isoline.translator.model.BackendOptions;
import org.jspecify.annotations.Nullable;

/**
 * What annotations ask of the backends of an Ingress.
 *
 * @param options how they are spoken to
 * @param asTheClient whether HTTP or HTTPS is spoken, as the client does; goes before the protocol of
 *     {@code options}
 * @param affinity how clients are kept on an endpoint; null for not at all
 * @param errors who answers where they fail; null for nobody
 * @param mirror who gets copies of requests; null for nobody
 */
public record BackendPolicy(
    BackendOptions options,
    boolean asTheClient,
    @Nullable SessionAffinity affinity,
    @Nullable ErrorPolicy errors,
    @Nullable MirrorWish mirror) {

  /** Asks for nothing. */
  public static final BackendPolicy NONE =
      new BackendPolicy(BackendOptions.NONE, false, null, null, null);

  BackendPolicy with(BackendOptions other) {
    return new BackendPolicy(other, asTheClient, affinity, errors, mirror);
  }

  BackendPolicy speakingAsTheClient() {
    return new BackendPolicy(options, true, affinity, errors, mirror);
  }

  BackendPolicy keeping(SessionAffinity sessions) {
    return new BackendPolicy(options, asTheClient, sessions, errors, mirror);
  }

  BackendPolicy handling(ErrorPolicy failures) {
    return new BackendPolicy(options, asTheClient, affinity, failures, mirror);
  }

  BackendPolicy copying(MirrorWish wish) {
    return new BackendPolicy(options, asTheClient, affinity, errors, wish);
  }
}
