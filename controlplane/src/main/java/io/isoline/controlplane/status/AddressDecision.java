package io.isoline.controlplane.status;

import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be done about the addresses in the status of one object. */
sealed interface AddressDecision {

  /** Leave the status as it is. */
  record Keep() implements AddressDecision {}

  /** Write these addresses. */
  record Write(List<PublishedAddress> addresses) implements AddressDecision {}

  /** Remove what we wrote. */
  record Clear() implements AddressDecision {}

  /**
   * Decides.
   *
   * @param progress how far the object has come as it is
   * @param wanted the addresses of ours; null while they are not known
   * @param present those in its status
   */
  static AddressDecision of(
      Ownership ownership,
      Progress progress,
      @Nullable List<PublishedAddress> wanted,
      List<PublishedAddress> present) {
    return switch (ownership) {
      case OTHER -> new Keep();
      case FORMER -> present.isEmpty() ? new Keep() : new Clear();
      case OURS -> {
        if (wanted == null) {
          yield new Keep();
        }
        if (wanted.isEmpty()) {
          yield present.isEmpty() ? new Keep() : new Clear();
        }
        yield switch (progress) {
          // Until the Envoys have the change, the old address is still the right one.
          case WAITING -> new Keep();
          case PROGRAMMED -> isSame(wanted, present) ? new Keep() : new Write(wanted);
          case NOTHING_IN_FORCE -> present.isEmpty() ? new Keep() : new Clear();
        };
      }
    };
  }

  /** Whether both are the same addresses, in whatever order. */
  static boolean isSame(List<PublishedAddress> one, List<PublishedAddress> other) {
    return new HashSet<>(one).equals(new HashSet<>(other));
  }
}
