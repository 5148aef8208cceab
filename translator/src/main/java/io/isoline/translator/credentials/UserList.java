package io.isoline.translator.credentials;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Who may pass by basic authentication, as a Secret has it: users and hashes of passwords. */
public sealed interface UserList {

  /** The most bytes that a list may have, once comments and broken lines are left out. */
  int MAX_BYTES = 64 << 10;

  /** How many problems of a list are told one by one. */
  int MAX_PROBLEMS = 5;

  /**
   * A list that can be put in force. It may be empty: then nobody passes.
   *
   * @param text a line {@code USER:HASH} for each user, each with a line feed, in the order of the
   *     Secret; no user is in it twice
   * @param problems the first lines that do not do what their author meant, at most {@value
   *     #MAX_PROBLEMS}
   * @param furtherProblems how many more such lines there are
   */
  record Usable(String text, List<Problem> problems, int furtherProblems) implements UserList {

    public Usable {
      problems = List.copyOf(problems);
    }

    /** Leaves the list out, so that no log shows it. */
    @Override
    public String toString() {
      return "list of " + text.length() + " bytes, problems: " + problems;
    }
  }

  /**
   * A list that cannot be put in force: what it was to protect must be closed.
   *
   * @param message a clause that says what is wrong
   * @param fix what to do about it
   */
  record Unusable(String message, String fix) implements UserList {}

  /**
   * A line that does not do what its author meant.
   *
   * @param place {@code line 3} or {@code key "ada"}
   * @param message what is wrong and what comes of it; nothing of a hash is in it
   */
  record Problem(String place, String message) {
    @Override
    public String toString() {
      return place + ": " + message;
    }
  }

  /**
   * Reads a file of htpasswd, as nginx reads it: a user ends at the first colon, the hash at the
   * next one; lines that begin with {@code #} are comments; of two lines of a user the first
   * counts.
   *
   * @param auth {@code data["auth"]} of the Secret, null when it has no such key
   */
  static UserList ofFile(@Nullable ByteString auth) {
    return auth == null
        ? new Unusable(
            "the Secret has no key \"auth\"",
            "put the file of htpasswd under the key auth, or say auth-secret-type: auth-map when"
                + " each key is a user")
        : UserListReader.file(auth);
  }

  /**
   * Reads a Secret of which each key is a user, and its value the hash.
   *
   * @param data all of {@code data} of the Secret
   */
  static UserList ofMap(SortedMap<String, ByteString> data) {
    return UserListReader.map(data);
  }
}
