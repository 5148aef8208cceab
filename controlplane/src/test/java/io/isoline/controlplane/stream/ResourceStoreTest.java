package io.isoline.controlplane.stream;

import static io.isoline.controlplane.stream.Resources.dnsCluster;
import static io.isoline.controlplane.stream.Resources.key;
import static io.isoline.controlplane.stream.Resources.route;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.stream.ResourceStore.Total;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ResourceStoreTest {
  private final ResourceStore store = new ResourceStore();

  @Test
  void totals_resourcesComeChangeAndGo_areThoseOfNow() {
    Resource small = route("r", "1", "a");
    Resource large = route("r", "2", "a", "b", "c");
    store.apply(List.of(small, dnsCluster("a", "1")), Set.of());
    assertEquals(new Total(1, small.bytes()), store.totals().get(ResourceType.ROUTE));

    store.apply(List.of(large, route("s", "1")), Set.of());
    assertEquals(
        new Total(2, large.bytes() + route("s", "1").bytes()),
        store.totals().get(ResourceType.ROUTE));

    store.apply(List.of(), Set.of(key(ResourceType.ROUTE, "r"), key(ResourceType.ROUTE, "s")));
    assertEquals(new Total(0, 0), store.totals().get(ResourceType.ROUTE));
    assertEquals(
        new Total(1, dnsCluster("a", "1").bytes()), store.totals().get(ResourceType.CLUSTER));
  }
}
