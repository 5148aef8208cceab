package io.isoline.translator.ingress;

import io.isoline.translator.credentials.UserList;
import io.isoline.translator.model.Authorities;
import io.isoline.translator.model.BackendCredentials;

/** What a Secret holds that an annotation names, read for what it is to hold. */
sealed interface SecretContent {

  /** Who may log in. */
  record Users(UserList.Usable list) implements SecretContent {}

  /** Who may issue certificates of clients. */
  record ClientAuthorities(Authorities authorities) implements SecretContent {}

  /** How TLS is spoken to backends. */
  record ForBackends(BackendCredentials credentials) implements SecretContent {}

  /**
   * Nothing that could be put in force, or the Secret is not there.
   *
   * @param message a clause that says what is wrong, and shows nothing of the content
   * @param fix what to do about it
   */
  record Unusable(String message, String fix) implements SecretContent {}
}
