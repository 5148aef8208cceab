package io.isoline.controlplane.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.translator.ObjectRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What counts of the objects that were read. */
final class ObjectSetTest {

  private static final ObjectRef OLD = ObjectRef.service("default", "old");
  private static final ObjectRef NEW = ObjectRef.service("default", "new");
  private static final ObjectIdentity IDENTITY = new ObjectIdentity("v1", "uid", "1", false, List.of());

  private final Map<ObjectRef, ObjectIdentity> index = new HashMap<>();
  private final ObjectSet objects = new ObjectSet(index);

  @Test
  void list_thatBreaksOff_countsForNothing() {
    objects.put(new Item.Unreadable(OLD, "odd", "mend it"), IDENTITY);
    objects.list().add(new Item.Unreadable(NEW, "odd", "mend it"), IDENTITY);

    ObjectSet.Listing complete = objects.list();
    complete.add(new Item.Unreadable(OLD, "odd", "mend it"), IDENTITY);
    assertEquals(Delta.NONE, complete.complete());
    assertEquals(Set.of(OLD), index.keySet());
  }

  @Test
  void list_complete_isWhatThereIs() {
    objects.put(new Item.Unreadable(OLD, "odd", "mend it"), IDENTITY);
    ObjectSet.Listing listing = objects.list();
    listing.add(new Item.Unreadable(NEW, "odd", "mend it"), IDENTITY);

    assertEquals(new Delta(List.of(new Item.Unreadable(NEW, "odd", "mend it")), List.of(OLD)), listing.complete());
    assertEquals(Set.of(NEW), index.keySet());
  }
}
