package io.isoline.translator.tls;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.SecretRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The Secrets that are known, and what was read from those that anybody asked for. Owned by the
 * thread that owns the translator.
 */
public final class Secrets {

  private record Recheck(Instant at, ObjectRef secret) {
    static final Comparator<Recheck> ORDER =
        Comparator.comparing(Recheck::at).thenComparing(Recheck::secret);
  }

  private final Map<ObjectRef, SecretRecord> secrets = new HashMap<>();
  private final Map<ObjectRef, ServerCertificate> readings = new HashMap<>();
  private final Map<ObjectRef, ServerCertificate.Invalid> refusals = new HashMap<>();
  private final SortedSet<Recheck> rechecks = new TreeSet<>(Recheck.ORDER);

  /** What was read of those that changed, before they did. */
  private final Map<ObjectRef, ServerCertificate> before = new HashMap<>();

  public void put(SecretRecord secret) {
    supersede(secret.ref());
    refusals.remove(secret.ref());
    secrets.put(secret.ref(), secret);
  }

  public void remove(ObjectRef ref) {
    supersede(ref);
    refusals.remove(ref);
    secrets.remove(ref);
  }

  /** A Secret cannot be read, for a reason that goes before its not being there. */
  public void refuse(ObjectRef ref, String message, String fix) {
    refusals.put(ref, new ServerCertificate.Invalid(message, fix, null));
  }

  public boolean exists(ObjectRef ref) {
    return secrets.containsKey(ref);
  }

  /** What a Secret holds; kept until the Secret, or the clock, makes it another. */
  public ServerCertificate read(ObjectRef ref, Instant now) {
    ServerCertificate known = readings.get(ref);
    if (known != null) {
      return known;
    }
    SecretRecord secret = secrets.get(ref);
    if (secret == null) {
      ServerCertificate.Invalid refusal = refusals.get(ref);
      if (refusal != null) {
        return refusal;
      }
      return new ServerCertificate.Invalid(
          "it does not exist",
          "create it in namespace " + ref.namespace() + ", or correct secretName",
          null);
    }
    ServerCertificate reading = ServerCertificate.read(secret, now);
    readings.put(ref, reading);
    Instant recheck = recheckAt(reading);
    if (recheck != null) {
      rechecks.add(new Recheck(recheck, ref));
    }
    return reading;
  }

  /** Forgets what was read of a Secret that nobody asks for any more. */
  public void release(ObjectRef ref) {
    forget(ref);
  }

  /** Forgets what was read of Secrets that are another thing by now, and says which. */
  public SortedSet<ObjectRef> expire(Instant now) {
    SortedSet<ObjectRef> expired = new TreeSet<>();
    while (!rechecks.isEmpty() && !rechecks.first().at().isAfter(now)) {
      ObjectRef secret = rechecks.first().secret();
      supersede(secret);
      expired.add(secret);
    }
    return expired;
  }

  /**
   * Whether those who name a Secret that changed need not look at it again: it differs in nothing
   * but its bytes and dates from what was read of it at the last {@link #settled}.
   */
  public boolean isAlike(ObjectRef ref, Instant now) {
    ServerCertificate was = before.get(ref);
    return was != null && was.isLike(read(ref, now));
  }

  /** The changes have been looked at. */
  public void settled() {
    before.clear();
  }

  /** When {@link #expire} has something to do next; null when never. */
  public @Nullable Instant nextRecheck() {
    return rechecks.isEmpty() ? null : rechecks.first().at();
  }

  private void supersede(ObjectRef ref) {
    ServerCertificate known = readings.get(ref);
    if (known != null) {
      before.putIfAbsent(ref, known);
    }
    forget(ref);
  }

  private void forget(ObjectRef ref) {
    ServerCertificate known = readings.remove(ref);
    Instant recheck = known == null ? null : recheckAt(known);
    if (recheck != null) {
      rechecks.remove(new Recheck(recheck, ref));
    }
  }

  private static @Nullable Instant recheckAt(ServerCertificate reading) {
    return switch (reading) {
      case ServerCertificate.Valid valid -> valid.recheckAt();
      case ServerCertificate.Invalid invalid -> invalid.recheckAt();
    };
  }
}
