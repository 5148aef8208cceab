package io.isoline.controlplane.credentials;

import io.isoline.controlplane.access.Fingerprint;
import io.isoline.translator.credentials.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A list of users as a route brings it.
 *
 * @param list the fingerprint of its text
 * @param hashes by user, the bytes of whose name are characters here
 * @param all the hashes in the order of the list
 */
record Users(Fingerprint list, Map<String, PasswordHash> hashes, List<PasswordHash> all) {

  /** Reads a list; who has no line, or one that cannot be used, is not in it. */
  static Users parse(Fingerprint list, String text) {
    Map<String, PasswordHash> hashes = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        byte[] user = line.substring(0, colon).getBytes(StandardCharsets.UTF_8);
        try {
          hashes.putIfAbsent(
              new String(user, StandardCharsets.ISO_8859_1),
              PasswordHash.parse(line.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
          // The translator leaves such lines out, and says so to their author.
        }
      }
    }
    return new Users(list, Map.copyOf(hashes), List.copyOf(hashes.values()));
  }

  @Nullable PasswordHash find(String user) {
    return hashes.get(user);
  }

  /**
   * The hash to compare with for an unknown user, so that the time of the answer does not give that
   * away; null when the list is empty. It is always the same for one name, as if the name were in
   * the list.
   */
  @Nullable PasswordHash decoy(Fingerprint question) {
    return all.isEmpty() ? null : all.get((int) Math.floorMod(question.first(), (long) all.size()));
  }

  /** Leaves the users out, so that no log shows them. */
  @Override
  public String toString() {
    return all.size() + " users";
  }
}
