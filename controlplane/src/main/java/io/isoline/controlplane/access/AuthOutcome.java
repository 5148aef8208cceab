package io.isoline.controlplane.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the word of an authentication service comes to for a request. */
public sealed interface AuthOutcome {

  /**
   * It may pass.
   *
   * @param headers what the backend gets in the place of what the client sent
   * @param removed what is taken from the request, so that no client can make it up
   * @param cookies what the client gets with the answer of the backend
   */
  record Granted(List<HeaderLine> headers, List<String> removed, List<String> cookies)
      implements AuthOutcome {
    public Granted {
      headers = List.copyOf(headers);
      removed = List.copyOf(removed);
      cookies = List.copyOf(cookies);
    }
  }

  /**
   * It may not.
   *
   * @param status 401 or 403
   * @param challenge the header WWW-Authenticate of the service
   * @param cookies what the client gets when it is sent to sign in
   */
  record Refused(int status, @Nullable String challenge, List<String> cookies)
      implements AuthOutcome {
    public Refused {
      cookies = List.copyOf(cookies);
    }
  }

  /** The service has not answered, or in a way that says nothing. */
  record Failed() implements AuthOutcome {}

  /** The service was not asked, as too many questions wait for an answer. */
  record Busy() implements AuthOutcome {}
}
