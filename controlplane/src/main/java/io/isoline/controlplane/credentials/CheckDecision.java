package io.isoline.controlplane.credentials;

import io.isoline.controlplane.access.AuthOutcome;
import io.isoline.controlplane.access.HeaderLine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one way in says of a request, and what several say together. */
sealed interface CheckDecision {

  String AUTHORIZATION = "authorization";

  /**
   * It may pass.
   *
   * @param headers what the backend gets in the place of what the client sent
   * @param removed what the backend does not get of what the client sent
   * @param cookies what the client gets with the answer of the backend
   */
  record Pass(List<HeaderLine> headers, List<String> removed, List<String> cookies)
      implements CheckDecision {

    /** A password was right: the backend does not get it, as with nginx. */
    static final Pass BY_PASSWORD = new Pass(List.of(), List.of(AUTHORIZATION), List.of());

    /** Returns this without what the client says of itself, unless the backend gets that anew. */
    Pass withoutPassword() {
      if (headers.stream().anyMatch(header -> header.name().equals(AUTHORIZATION))) {
        return this;
      }
      List<String> all = new ArrayList<>(removed);
      all.remove(AUTHORIZATION);
      all.add(AUTHORIZATION);
      return new Pass(headers, all, cookies);
    }
  }

  /**
   * It may not.
   *
   * @param status of the answer to the client
   * @param challenge its header WWW-Authenticate
   * @param cookies what a client gets that is sent to sign in
   */
  record Deny(int status, @Nullable String challenge, List<String> cookies)
      implements CheckDecision {

    /** Nobody knows. */
    static final Deny BUSY = new Deny(503, null, List.of());
  }

  /** Takes what an authentication service says. */
  static CheckDecision of(AuthOutcome outcome) {
    return switch (outcome) {
      case AuthOutcome.Granted granted ->
          new Pass(granted.headers(), granted.removed(), granted.cookies());
      case AuthOutcome.Refused refused ->
          new Deny(refused.status(), refused.challenge(), refused.cookies());
      case AuthOutcome.Failed() -> new Deny(500, null, List.of());
      case AuthOutcome.Busy() -> Deny.BUSY;
    };
  }

  /**
   * What comes of two ways in neither of which lets a request pass, where one would be enough. That
   * nobody knows goes before a no, and who could still log in is asked to.
   */
  static Deny neither(Deny password, Deny service) {
    if (service.status() >= 500) {
      return service;
    }
    if (password.status() >= 500) {
      return password;
    }
    return new Deny(
        401,
        service.challenge() == null ? password.challenge() : service.challenge(),
        service.cookies());
  }
}
