package io.isoline.translator;

import com.google.protobuf.Any;
import org.jspecify.annotations.Nullable;

/**
 * One Envoy resource, packed once and shared by all streams.
 *
 * @param type which of the xDS types it is
 * @param name its name, unique within the type
 * @param version a hash of its content in hex: equal content has an equal version in every process
 *     and on every replica
 * @param body the packed proto
 * @param endpoints of a cluster, the name of the endpoints that Envoy asks for before it uses it;
 *     null of one that has none, and of other types
 */
public record Resource(
    ResourceType type, String name, String version, Any body, @Nullable String endpoints) {

  /** A resource that waits for no endpoints. */
  public Resource(ResourceType type, String name, String version, Any body) {
    this(type, name, version, body, null);
  }

  /** The Secret that is served where there is no better one. */
  public static final Key DEFAULT_CERTIFICATE = new Key(ResourceType.SECRET, "default-certificate");

  /**
   * The routes that every request comes to before those of its host. Connection managers need them:
   * without, they answer nothing but 404.
   */
  public static final Key GATE = new Key(ResourceType.ROUTE, "isoline.gate");

  /** The key of a resource in a store. */
  public record Key(ResourceType type, String name) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byType = type.compareTo(other.type);
      return byType != 0 ? byType : name.compareTo(other.name);
    }

    @Override
    public String toString() {
      return type + " " + name;
    }
  }

  public Key key() {
    return new Key(type, name);
  }

  /** The same cluster, which waits for these endpoints. */
  public Resource waitingFor(String names) {
    return new Resource(type, name, version, body, names);
  }

  /** The size of the body. */
  public long bytes() {
    return body.getSerializedSize();
  }

  @Override
  public String toString() {
    return type + " " + name + " @" + version;
  }
}
