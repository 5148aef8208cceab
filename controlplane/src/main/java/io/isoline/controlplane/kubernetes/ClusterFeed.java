package io.isoline.controlplane.kubernetes;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Feeds an engine from the API server: everything at once when it has all been read, and then each
 * change.
 */
public final class ClusterFeed implements ObjectIndex, AutoCloseable {

  /** A feed that does nothing yet. */
  public ClusterFeed(ApiServer server, Scope scope, FeedListener listener) {}

  /**
   * Begins to read, in threads of its own, and returns at once. Goes on trying for as long as it
   * takes.
   *
   * @param settings what the engine was started with
   * @param engine takes changes, from any thread
   * @param loaded is called once, when everything that there is has been given to the engine
   */
  public void start(Settings settings, Consumer<List<Change>> engine, Runnable loaded) {}

  /** Hands other settings to the engine; another class has other Ingresses and Secrets. */
  public void configure(Settings settings) {}

  /**
   * Whether everything has been read once. It stays so when the API server is lost later: what is
   * served is still the last that is known.
   */
  public boolean isSynced() {
    return false;
  }

  /** What keeps it from reading now, a sentence each; empty when all is well. */
  public List<String> problems() {
    return List.of();
  }

  @Override
  public @Nullable ObjectIdentity find(ObjectRef object) {
    return null;
  }

  /** Stops to read. The engine keeps what it has. */
  @Override
  public void close() {}
}
