package io.isoline.controlplane.stream;

import static io.isoline.translator.ResourceType.LISTENER;
import static io.isoline.translator.ResourceType.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the tests of convergence rely on. */
final class FakeEnvoyTest {

  private static FakeEnvoy waitingForSecret(Variant variant) {
    FakeEnvoy envoy = new FakeEnvoy(variant);
    receive(envoy, LISTENER, Resources.listener("l", "1", "s", "s1"));
    return envoy;
  }

  private static void receive(FakeEnvoy envoy, ResourceType type, Resource... resources) {
    envoy.receive(new AdsResponse(type.typeUrl(), "1", "1", List.of(resources), List.of()));
  }

  private static Resource inTheBytesOf(Resource other, String version) {
    return new Resource(other.type(), other.name(), version, other.body(), other.endpoints());
  }

  /**
   * As Envoy does, which puts down the versions when all of a response was acknowledged.
   *
   * @see <a
   *     href="https://github.com/envoyproxy/envoy/blob/v1.40.0/source/extensions/config_subscription/grpc/delta_subscription_state.cc">
   *     DeltaSubscriptionState::handleGoodResponse</a>
   */
  @ParameterizedTest
  @EnumSource
  void receive_bytesThatItHas_hasThemByTheNewVersion(Variant variant) {
    Resource secret = Resources.secret("s", "1");
    FakeEnvoy envoy = waitingForSecret(variant);
    receive(envoy, SECRET, secret);

    receive(envoy, SECRET, inTheBytesOf(secret, "2"));

    assertEquals(List.of(inTheBytesOf(secret, "2")), List.copyOf(envoy.held(SECRET).values()));
  }

  /** Only what is acknowledged as a whole: of a refused response it notes nothing. */
  @Test
  void receive_bytesThatItHasBesideABadSecret_hasThemByTheOldVersion() {
    Resource secret = Resources.secret("s", "1");
    FakeEnvoy envoy = waitingForSecret(Variant.DELTA);
    receive(envoy, SECRET, secret);

    receive(envoy, SECRET, inTheBytesOf(secret, "2"), Resources.secret("s1", "bad"));

    assertEquals(List.of(secret), List.copyOf(envoy.held(SECRET).values()));
  }

  @Test
  void receive_bytesThatItRefused_goesOnWithWhatItHas() {
    Resource bad = Resources.secret("s", "bad");
    FakeEnvoy envoy = waitingForSecret(Variant.DELTA);
    receive(envoy, SECRET, Resources.secret("s", "1"));
    receive(envoy, SECRET, bad);

    receive(envoy, SECRET, inTheBytesOf(bad, "2"));

    assertEquals(
        List.of(Resources.secret("s", "1")), List.copyOf(envoy.held(SECRET).values()));
  }
}
