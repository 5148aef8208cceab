package io.isoline.controlplane.admin;

import io.isoline.controlplane.engine.EngineListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Knows whether this replica is fit to serve Envoys: it is when every condition that a part of the
 * program requires is met. May be used by any thread.
 */
public final class Readiness {

  private final List<Supplier<List<String>>> conditions = new CopyOnWriteArrayList<>();

  /** One thing that is required; the part of the program that asked for it keeps it up to date. */
  public static final class Condition {

    private volatile List<String> missing;

    private Condition(String missing) {
      this.missing = List.of(missing);
    }

    /** Says that the condition is met. */
    public void met() {
      missing = List.of();
    }

    /**
     * Says that the condition is not met, or no longer.
     *
     * @param what for the operator: what is missing
     */
    public void missing(String what) {
      missing = List.of(what);
    }
  }

  /**
   * Adds a condition that is not met yet.
   *
   * @param name begins its line, {@code objects} for example
   * @param missing what is missing until something else is said of it
   */
  public Condition require(String name, String missing) {
    Condition condition = new Condition(missing);
    require(name, () -> condition.missing);
    return condition;
  }

  /**
   * Adds a condition that is looked up when somebody asks.
   *
   * @param name begins its lines, {@code objects} for example
   * @param missing what is missing, for the operator; empty when the condition is met. Called by
   *     any thread; must not block
   */
  public void require(String name, Supplier<List<String>> missing) {
    conditions.add(
        () ->
            missing.get().stream()
                // The words of an API server may have line breaks; each condition gets one line.
                .map(what -> name + ": " + what.replaceAll("\\s*\\R\\s*", " "))
                .toList());
  }

  /** Adds the condition that an engine has translated all objects; the engine must be told to. */
  public EngineListener requireEngine() {
    Condition condition =
        require("engine", "it waits for all objects; until then Envoys keep what they have");
    return new EngineListener() {
      @Override
      public void loaded() {
        condition.met();
      }
    };
  }

  /** What is missing, a line each, in the order in which the conditions were added. */
  public List<String> missing() {
    return conditions.stream().flatMap(condition -> condition.get().stream()).toList();
  }

  /** Whether all conditions are met. */
  public boolean isReady() {
    return missing().isEmpty();
  }
}
