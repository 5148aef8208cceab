package io.isoline.translator.model;

import io.isoline.translator.credentials.ExternalCheck;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about a request, of the service beside Envoy, before it goes on.
 *
 * @param passwords who may log in; null when no password is asked for
 * @param external what an authentication service is asked; null when none is
 * @param any whether one of these is enough, or an address of the {@link AddressList} of the route
 * @param loopback whether that service may be this machine
 */
public record AccessCheck(
    @Nullable Passwords passwords, @Nullable ExternalCheck external, boolean any, boolean loopback)
    implements RouteOption {

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
