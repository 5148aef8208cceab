package io.isoline.controlplane.config;

import java.util.List;

/** Carries the reason why a value is wrong out of a {@link ValueType}. */
final class InvalidValueException extends Exception {

  private static final long serialVersionUID = 1;

  // Never serialized: it does not leave this package.
  private final transient List<Wrong> wrongs;

  /**
   * One mistake in a value.
   *
   * @param index of the entry in a list; 0 where there is no list; -1 for the list as a whole
   */
  record Wrong(int index, String reason) {}

  InvalidValueException(String reason) {
    this(List.of(new Wrong(0, reason)));
  }

  InvalidValueException(List<Wrong> wrongs) {
    super(wrongs.toString(), null, false, false);
    this.wrongs = List.copyOf(wrongs);
  }

  List<Wrong> wrongs() {
    return wrongs;
  }
}
