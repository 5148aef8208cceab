package io.isoline.translator.model;

import org.jspecify.annotations.Nullable;

/**
 * What is asked about a request, of the service beside Envoy, before it goes on.
 *
 * @param passwords who may log in
 */
public record AccessCheck(@Nullable Passwords passwords) implements RouteOption {

  /**
   * Users and their passwords.
   *
   * @param users the text of a {@link io.isoline.translator.credentials.UserList}
   * @param realm what clients are told that the password is for
   */
  public record Passwords(String users, String realm) {
    /** Leaves the list out, so that no log shows it. */
    @Override
    public String toString() {
      return "passwords for \"" + realm + "\"";
    }
  }
}
