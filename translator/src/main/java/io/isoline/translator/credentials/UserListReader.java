package io.isoline.translator.credentials;

import com.google.protobuf.ByteString;
import io.isoline.translator.credentials.UserList.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Reads the lines of one list. Costs what the list is long.
 *
 * <p>A line that is wrong is left out, so that its user cannot log in; all others are in force.
 */
final class UserListReader {

  private static final int MAX_USER = 255;

  private final StringBuilder text = new StringBuilder();
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, String> places = new HashMap<>();
  private int bytes;
  private int furtherProblems;

  private UserListReader() {}

  static UserList file(ByteString file) {
    UserListReader reader = new UserListReader();
    int begin = 0;
    for (int number = 1; begin < file.size(); number++) {
      int end = indexOf(file, (byte) '\n', begin);
      reader.line("line " + number, file.substring(begin, end));
      begin = end + 1;
    }
    return reader.list();
  }

  static UserList map(SortedMap<String, ByteString> data) {
    UserListReader reader = new UserListReader();
    data.forEach(
        (user, value) -> {
          String place = "key \"" + user + "\"";
          int end = indexOf(value, (byte) '\n', 0);
          if (end < value.size() - 1) {
            reader.problem(place, "has more than one line, so the user cannot log in");
          } else {
            reader.entry(place, user, value.substring(0, end));
          }
        });
    return reader.list();
  }

  private static int indexOf(ByteString bytes, byte wanted, int from) {
    int at = from;
    while (at < bytes.size() && bytes.byteAt(at) != wanted) {
      at++;
    }
    return at;
  }

  private void line(String place, ByteString line) {
    int colon = indexOf(line, (byte) ':', 0);
    if (line.isEmpty() || line.byteAt(0) == '#' || line.byteAt(0) == '\r') {
      return;
    }
    if (colon == line.size()) {
      problem(place, "has no colon between user and hash, so it is left out");
    } else if (colon == 0) {
      problem(place, "has no user before the colon, so it is left out");
    } else if (!line.substring(0, colon).isValidUtf8()) {
      problem(place, "the user is not UTF-8, so it is left out");
    } else {
      entry(place, line.substring(0, colon).toStringUtf8(), line.substring(colon + 1));
    }
  }

  /**
   * Takes a user.
   *
   * @param rest the hash, and what may follow after another colon
   */
  private void entry(String place, String user, ByteString rest) {
    ByteString hash = rest.substring(0, indexOf(rest, (byte) ':', 0));
    if (!hash.isEmpty() && hash.byteAt(hash.size() - 1) == '\r') {
      hash = hash.substring(0, hash.size() - 1);
    }
    if (user.length() > MAX_USER || user.chars().anyMatch(Character::isISOControl)) {
      problem(
          place,
          "the user is longer than %d characters or has a control character, so it is left out"
              .formatted(MAX_USER));
      return;
    }
    String earlier = places.putIfAbsent(user, place);
    if (earlier != null) {
      problem(place, "has the user of " + earlier + " again; that line counts, and not this one");
      return;
    }
    if (user.startsWith(" ")) {
      problem(place, "begins with a blank, which is part of the user's name then");
    }
    if (hash.isEmpty()) {
      problem(place, "has no hash after the colon, so the user cannot log in");
      return;
    }
    if (!hash.isValidUtf8() || hash.toStringUtf8().chars().anyMatch(Character::isISOControl)) {
      problem(
          place, "the hash is not UTF-8 or has a control character, so the user cannot log in");
      return;
    }
    try {
      String read = PasswordHash.parse(hash.toStringUtf8()).text();
      text.append(user).append(':').append(read).append('\n');
      bytes += ByteString.copyFromUtf8(user).size() + hash.size() + 2;
    } catch (IllegalArgumentException e) {
      problem(place, e.getMessage() + "; the user cannot log in");
    }
  }

  private void problem(String place, String message) {
    if (problems.size() < UserList.MAX_PROBLEMS) {
      problems.add(new Problem(place, message));
    } else {
      furtherProblems++;
    }
  }

  private UserList list() {
    return bytes > UserList.MAX_BYTES
        ? new UserList.Unusable(
            "the list of users has %,d bytes, and %,d is the most that goes with each request"
                .formatted(bytes, UserList.MAX_BYTES),
            "have so many users checked by a service of your own, with auth-url")
        : new UserList.Usable(text.toString(), problems, furtherProblems);
  }
}
