package io.isoline.controlplane.access;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds how much is asked, or under way, at a time. A namespace has a part of it only, so that a service that does not
 * answer takes nothing from those of others.
 *
 * <p>For any thread.
 */
public final class Admission {

  /**
   * How much is asked at a time.
   *
   * @param questions of all namespaces together
   * @param perNamespace of one of them
   * @param bytes of the heads of all together
   */
  public record Limits(int questions, int perNamespace, long bytes) {}

  private final Limits limits;

  @GuardedBy("this")
  private final Map<String, Integer> ofNamespace = new HashMap<>();

  @GuardedBy("this")
  private int questions;

  @GuardedBy("this")
  private long bytes;

  public Admission(Limits limits) {
    this.limits = limits;
  }

  /** Whether one more may be asked; {@link #leave} is to follow then. */
  public synchronized boolean enter(String namespace, int size) {
    int own = ofNamespace.getOrDefault(namespace, 0);
    if (questions >= limits.questions()
        || own >= limits.perNamespace()
        || bytes + size > limits.bytes()) {
      return false;
    }
    questions++;
    bytes += size;
    ofNamespace.put(namespace, own + 1);
    return true;
  }

  public synchronized void leave(String namespace, int size) {
    questions--;
    bytes -= size;
    ofNamespace.computeIfPresent(namespace, (key, own) -> own == 1 ? null : own - 1);
  }

  /** How many are asked now. */
  synchronized int questions() {
    return questions;
  }
}
