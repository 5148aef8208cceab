package io.isoline.controlplane.stream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.List;

/**
 * Resources for tests. The body is words: of a cluster "eds" or "dns", of a listener the names of
 * its routes, secrets and extensions or {@link #SCOPES}, of a scope that of its routes, of a route
 * the names of its clusters. A name says by its first letter what it is of: r, s, e. A version that
 * begins with "bad" is refused by {@link FakeEnvoy}.
 */
public final class Resources {
  /** Says that a listener takes its routes from the scopes. */
  static final String SCOPES = "scopes";

  private Resources() {}

  static Resource resource(ResourceType type, String name, String version, String... words) {
    if (type == ResourceType.SECRET) {
      return secret(name, version);
    }
    Any body =
        Any.newBuilder()
            .setTypeUrl(type.typeUrl())
            .setValue(ByteString.copyFromUtf8(String.join(" ", words)))
            .build();
    Resource resource = new Resource(type, name, version, body);
    return type == ResourceType.CLUSTER && words.length > 0 && words[0].equals("eds")
        ? resource.waitingFor(words.length > 1 ? words[1] : name)
        : resource;
  }

  /** One that has the endpoints of its own name. */
  static Resource cluster(String name, String version) {
    return resource(ResourceType.CLUSTER, name, version, "eds");
  }

  public static Resource dnsCluster(String name, String version) {
    return resource(ResourceType.CLUSTER, name, version, "dns");
  }

  static Resource endpoint(String name, String version) {
    return resource(ResourceType.ENDPOINT, name, version);
  }

  /** The one whose body is a proto, as the stream writes another one at times. */
  static Resource secret(String name, String version) {
    Secret.Builder secret = Secret.newBuilder().setName(name);
    secret
        .getTlsCertificateBuilder()
        .getCertificateChainBuilder()
        .setInlineBytes(ByteString.copyFromUtf8(version));
    return new Resource(ResourceType.SECRET, name, version, Any.pack(secret.build()));
  }

  static Resource listener(String name, String version, String... words) {
    return resource(ResourceType.LISTENER, name, version, words);
  }

  static Resource route(String name, String version, String... clusters) {
    return resource(ResourceType.ROUTE, name, version, clusters);
  }

  static List<String> words(Resource resource) {
    String text = resource.body().getValue().toStringUtf8();
    return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }

  static boolean isBad(Resource resource) {
    return resource.version().startsWith("bad");
  }

  public static Resource.Key key(ResourceType type, String name) {
    return new Resource.Key(type, name);
  }
}
