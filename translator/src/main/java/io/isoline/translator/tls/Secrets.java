package io.isoline.translator.tls;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Facts;
import io.isoline.translator.kube.SecretRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the Secrets that are known, and what was read from those that an object names for TLS.
 * Owned by the thread that owns the translator.
 */
public final class Secrets {

  private record Recheck(Instant at, ObjectRef secret) {
    static final Comparator<Recheck> ORDER =
        Comparator.comparing(Recheck::at).thenComparing(Recheck::secret);
  }

  private final Facts<ObjectRef, SecretRecord> secrets;
  private final Facts<ObjectRef, ServerCertificate.Invalid> refusals;
  private final Derived<ObjectRef, ServerCertificate> readings;
  private final SortedSet<Recheck> rechecks = new TreeSet<>(Recheck.ORDER);
  private Instant now = Instant.MIN;

  /**
   * Adds its stages.
   *
   * @param named a Secret is read as a certificate when it has any of these facts
   * @param different is told of each that holds something else than before, be it the bytes alone.
   *     Rows that read it are derived again only when it differs in more than its bytes and dates:
   *     thousands of hosts may have a Secret that was renewed
   */
  public Secrets(
      Derivation derivation, Facts<ObjectRef, ?> named, Consumer<ObjectRef> different) {
    secrets = derivation.facts(Comparator.comparing(SecretRecord::ref));
    refusals = derivation.facts(Comparator.comparing(ServerCertificate.Invalid::message));
    readings =
        derivation
            .derived(named, this::read)
            .alike(ServerCertificate::isLike)
            .tell(
                (secret, before, after) -> {
                  recheck(secret, before, false);
                  recheck(secret, after, true);
                  different.accept(secret);
                });
  }

  public void put(SecretRecord secret) {
    refusals.put(secret.ref(), null);
    secrets.put(secret.ref(), secret);
  }

  public void remove(ObjectRef ref) {
    refusals.put(ref, null);
    secrets.put(ref, null);
  }

  /** Notes that a Secret cannot be read; this reason is told instead of that it does not exist. */
  public void refuse(ObjectRef ref, String message, String fix) {
    refusals.put(ref, new ServerCertificate.Invalid(message, fix, null));
  }

  /** The Secrets that are known. */
  public Facts<ObjectRef, SecretRecord> known() {
    return secrets;
  }

  /** A Secret as it is, or why there is none. */
  public sealed interface Lookup {
    /** It is known. */
    record Found(SecretRecord secret) implements Lookup {}

    /**
     * It is not known.
     *
     * @param message a clause that says why
     * @param fix what to do about it; empty when it is just not there
     */
    record Missing(String message, String fix) implements Lookup {}
  }

  /** Looks a Secret up, whatever it is for: who asks is derived again with every change of it. */
  public Lookup find(ObjectRef ref) {
    SecretRecord secret = secrets.first(ref);
    if (secret != null) {
      return new Lookup.Found(secret);
    }
    ServerCertificate.Invalid refusal = refusals.first(ref);
    return refusal == null
        ? new Lookup.Missing("it does not exist", "")
        : new Lookup.Missing(refusal.message(), refusal.fix());
  }

  /** What a Secret holds that is named for TLS. */
  public ServerCertificate content(ObjectRef ref) {
    return Objects.requireNonNull(readings.get(ref));
  }

  private ServerCertificate read(ObjectRef ref) {
    return switch (find(ref)) {
      case Lookup.Found(SecretRecord secret) -> ServerCertificate.read(secret, now);
      case Lookup.Missing(String message, String fix) ->
          new ServerCertificate.Invalid(
              message,
              fix.isEmpty()
                  ? "create it in namespace " + ref.namespace() + ", or correct secretName"
                  : fix,
              null);
    };
  }

  private void recheck(ObjectRef secret, @Nullable ServerCertificate reading, boolean due) {
    Instant at =
        switch (reading) {
          case null -> null;
          case ServerCertificate.Valid valid -> valid.recheckAt();
          case ServerCertificate.Invalid invalid -> invalid.recheckAt();
        };
    if (at != null && due) {
      rechecks.add(new Recheck(at, secret));
    } else if (at != null) {
      rechecks.remove(new Recheck(at, secret));
    }
  }

  /**
   * Moves the clock: Secrets whose certificates have expired or become valid by then are read
   * again.
   */
  public void setTime(Instant time) {
    now = time;
    for (Recheck due : rechecks) {
      if (due.at().isAfter(now)) {
        break;
      }
      secrets.touch(due.secret());
    }
  }

  /** When {@link #setTime} has something to do next; null when never. */
  public @Nullable Instant nextRecheck() {
    return rechecks.isEmpty() ? null : rechecks.first().at();
  }
}
