package io.isoline.controlplane.stream;

import static io.isoline.controlplane.stream.Resources.endpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ResourceType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SubscriptionsTest {
  private final ResourceStore store = new ResourceStore();
  private final Subscriptions subscriptions = new Subscriptions(ResourceType.ENDPOINT, store);

  private String counts() {
    return "%d characters, %d of %d strangers"
        .formatted(
            subscriptions.characters(),
            subscriptions.strangeCharacters(),
            subscriptions.strangers());
  }

  @Test
  void change_namesComeAndGo_areCountedOnce() {
    store.apply(List.of(endpoint("known", "1")), Set.of());

    subscriptions.change(true, List.of("known", "stranger", "*"), List.of());
    assertEquals("13 characters, 8 of 1 strangers", counts());
    subscriptions.change(false, List.of("known", "stranger"), List.of("never"));
    assertEquals("13 characters, 8 of 1 strangers", counts());
    assertTrue(subscriptions.isWildcard());

    subscriptions.change(false, List.of(), List.of("stranger", "*"));
    assertEquals("5 characters, 0 of 0 strangers", counts());
    assertFalse(subscriptions.isWildcard());
    subscriptions.change(false, List.of(), List.of("known"));
    assertEquals("0 characters, 0 of 0 strangers", counts());
  }

  @Test
  void replace_otherNames_areCountedAnew() {
    store.apply(List.of(endpoint("known", "1")), Set.of());

    subscriptions.replace(List.of("known", "stranger", "other"));
    assertEquals("18 characters, 13 of 2 strangers", counts());
    subscriptions.replace(List.of("known", "known", "x"));
    assertEquals("6 characters, 1 of 1 strangers", counts());
    assertEquals(Set.of("known", "x"), subscriptions.names());
  }
}
