package io.isoline.controlplane.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.translator.Settings;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever objects there are and however they change, Envoy refuses nothing of what they become.
 */
@WithEnvoy
class RandomObjectsIT {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void objects_ofAnyKind_areTakenByEnvoy(long seed, Proxy proxy) throws Exception {
    Random random = new Random(seed);
    RandomManifests manifests = new RandomManifests(random);
    for (int step = 0; step < 6; step++) {
      for (int i = 0; i < 8; i++) {
        manifests.change();
      }
      proxy.apply(manifests.documents().toArray(String[]::new));
      if (step == 3) {
        proxy.configure(settings -> settings(random, settings));
      }
    }
    assertEquals(List.of(), proxy.rejections());
  }

  private static Settings settings(Random random, Settings settings) {
    Settings changed = Configured.with(
        settings,
        "redirectToHttps: " + random.nextBoolean(),
        "trustedHops: " + random.nextInt(3),
        "allowExternalName: " + random.nextBoolean(),
        "ingressClass: {nginxNames: [" + (random.nextBoolean() ? "isoline" : "other") + "]}");
    return Configured.with(
        changed, "hsts: {maxAge: 24h, includeSubDomains: " + random.nextBoolean() + "}");
  }
}
