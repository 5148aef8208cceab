package io.isoline.controlplane.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class VerdictBookTest {

  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");
  private static final ObjectRef SHOP = ObjectRef.ingress("default", "shop");
  private static final ObjectRef BLOG = ObjectRef.ingress("default", "blog");

  private final Map<ObjectRef, List<Verdict>> translated = new HashMap<>();
  private final VerdictBook book = new VerdictBook(() -> translated);

  VerdictBookTest() {
    for (ObjectRef ref : List.of(WEB, SHOP, BLOG)) {
      translated.put(
          ref, List.of(new Verdict(ref, "", Outcome.APPLIED, Reason.Accepted, "in force", "")));
    }
  }

  @Test
  void enter_refusal_isToldToItsOriginsBesideWhatTheyHaveAndToNobodyElse() {
    assertEquals(
        Map.of(WEB, List.of("Accepted", "r 1"), SHOP, List.of("Accepted", "r 1")),
        brief(book.enter(refusal(route("r", "1"), WEB, SHOP))));
    assertEquals(
        Map.of(
            WEB,
            List.of("Accepted", "r 1"),
            SHOP,
            List.of("Accepted", "r 1"),
            BLOG,
            List.of("Accepted")),
        brief(book.all()));
  }

  @Test
  void enter_nextVersionOfTheResource_clearsItsOrigins() {
    book.enter(refusal(route("r", "1"), WEB, SHOP));
    assertEquals(
        Map.of(WEB, List.of("Accepted"), SHOP, List.of("Accepted")),
        brief(book.enter(update(List.of(route("r", "2")), Set.of()))));
    assertNobodyIsAccused();
  }

  @Test
  void enter_resourceIsRemoved_clearsItsOrigins() {
    Resource refused = route("r", "1");
    book.enter(refusal(refused, WEB));
    assertEquals(
        Map.of(WEB, List.of("Accepted")),
        brief(book.enter(update(List.of(), Set.of(refused.key())))));
    assertNobodyIsAccused();
  }

  @Test
  void enter_anotherResourceChanges_clearsNobody() {
    book.enter(refusal(route("r", "1"), WEB));
    Resource scope = new Resource(ResourceType.SCOPE, "r", "2", Any.getDefaultInstance());
    assertEquals(Map.of(), book.enter(update(List.of(route("other", "1"), scope), Set.of())));
    assertEquals(List.of("Accepted", "r 1"), brief(book.all()).get(WEB));
  }

  @Test
  void enter_otherVerdictsOfAnAccused_areToldTogetherWithTheRefusal() {
    book.enter(refusal(route("r", "1"), WEB));
    translated.put(
        WEB, List.of(new Verdict(WEB, "", Outcome.NO_EFFECT, Reason.Conflict, "lost", "")));
    Update update =
        new Update(List.of(), Set.of(), Map.of(WEB, List.of()), null, List.of());
    assertEquals(Map.of(WEB, List.of("Conflict", "r 1")), brief(book.enter(update)));
  }

  @Test
  void enter_goneObject_hasNoVerdicts() {
    Resource refused = route("r", "1");
    book.enter(refusal(refused, WEB));
    translated.remove(WEB);
    Update update =
        new Update(List.of(), Set.of(refused.key()), Map.of(WEB, List.of()), null, List.of());
    assertEquals(Map.of(WEB, List.of()), book.enter(update));
    assertFalse(book.all().containsKey(WEB));
  }

  @Test
  void enter_twoResourcesOfOneObject_eachIsToldUntilItIsMended() {
    book.enter(refusal(route("r", "1"), WEB));
    book.enter(refusal(route("s", "1"), WEB));
    assertEquals(List.of("Accepted", "r 1", "s 1"), brief(book.all()).get(WEB));
    book.enter(update(List.of(route("r", "2")), Set.of()));
    assertEquals(List.of("Accepted", "s 1"), brief(book.all()).get(WEB));
  }

  @Test
  void enter_laterRefusalOfTheSameResourceWithOthersAccused_clearsTheFirst() {
    book.enter(refusal(route("r", "1"), WEB, SHOP));
    assertEquals(
        Map.of(
            WEB,
            List.of("Accepted"),
            SHOP,
            List.of("Accepted", "r 2"),
            BLOG,
            List.of("Accepted", "r 2")),
        brief(book.enter(refusal(route("r", "2"), SHOP, BLOG))));
  }

  /** Its port is taken on the machine of the second Envoy. */
  @Test
  void enter_anotherEnvoyRefusesItThroughNobodysFault_theAccusedStayAccused() {
    book.enter(refusal(route("r", "1"), WEB));
    assertEquals(Map.of(), book.enter(refusal(route("r", "1"))));
    assertEquals(List.of("Accepted", "r 1"), brief(book.all()).get(WEB));
  }

  @Test
  void enter_nextVersionIsRefusedThroughNobodysFault_clearsTheAccused() {
    book.enter(refusal(route("r", "1"), WEB));
    assertEquals(
        Map.of(WEB, List.of("Accepted")), brief(book.enter(refusal(route("r", "2")))));
    assertNobodyIsAccused();
  }

  @Test
  void take_noEnvoyRefusesItAnyMore_clearsItsOrigins() {
    book.enter(refusal(route("r", "1"), WEB));
    assertEquals(
        Map.of(WEB, List.of("Accepted")),
        brief(book.take(ResourceType.ROUTE, Map.of("r", "1"), any -> false)));
    assertNobodyIsAccused();
  }

  @Test
  void take_anotherEnvoyRefusesItStill_clearsNobody() {
    book.enter(refusal(route("r", "1"), WEB));
    assertEquals(Map.of(), book.take(ResourceType.ROUTE, Map.of("r", "1"), any -> true));
    assertEquals(List.of("Accepted", "r 1"), brief(book.all()).get(WEB));
  }

  @Test
  void take_anotherVersionTypeOrName_clearsNobody() {
    book.enter(refusal(route("r", "1"), WEB));
    assertEquals(Map.of(), book.take(ResourceType.ROUTE, Map.of("r", "0"), any -> false));
    assertEquals(Map.of(), book.take(ResourceType.SCOPE, Map.of("r", "1"), any -> false));
    assertEquals(Map.of(), book.take(ResourceType.ROUTE, Map.of("s", "1"), any -> false));
    assertEquals(List.of("Accepted", "r 1"), brief(book.all()).get(WEB));
  }

  @Test
  void refusal_ofAListener_saysThatOthersAreInItWhereThereAreOthers() {
    Resource listener =
        new Resource(ResourceType.LISTENER, "https", "1", Any.getDefaultInstance());
    String others = "others that changed since it was taken last";
    assertTrue(refusal(listener, WEB, SHOP).verdict(WEB).message().contains(others));
    assertFalse(refusal(listener, WEB).verdict(WEB).message().contains(others));
    assertFalse(refusal(route("r", "1"), WEB, SHOP).verdict(WEB).message().contains(others));
  }

  @Test
  void refusal_ofASecret_saysWhichCertificateIsServed() {
    Resource secret = new Resource(ResourceType.SECRET, "s", "1", Any.getDefaultInstance());
    String served = "the last certificate that it took, or the default certificate";
    assertTrue(refusal(secret, WEB).verdict(WEB).message().contains(served));
    assertFalse(refusal(route("r", "1"), WEB).verdict(WEB).message().contains(served));
  }

  private void assertNobodyIsAccused() {
    assertEquals(new TreeMap<>(translated), book.all());
  }

  /** The reason of each verdict, and of a refusal Envoy's words. */
  private static Map<ObjectRef, List<String>> brief(Map<ObjectRef, List<Verdict>> verdicts) {
    Map<ObjectRef, List<String>> brief = new TreeMap<>();
    verdicts.forEach(
        (object, list) ->
            brief.put(
                object,
                list.stream()
                    .peek(verdict -> assertEquals(object, verdict.object()))
                    .map(
                        verdict ->
                            verdict.reason() == Reason.RejectedByEnvoy
                                ? verdict.message().replaceFirst(".*: ", "")
                                : verdict.reason().name())
                    .toList()));
    return brief;
  }

  private static Resource route(String name, String version) {
    return new Resource(ResourceType.ROUTE, name, version, Any.getDefaultInstance());
  }

  private static Update update(List<Resource> changed, Set<Resource.Key> removed) {
    return new Update(changed, removed, Map.of(), null, List.of());
  }

  /** An Envoy refused it, with its name and version as the words. */
  private static Rejection refusal(Resource resource, ObjectRef... origins) {
    return new Rejection(
        new StreamInfo(1, "", true, "envoy", "", ""),
        resource,
        new TreeSet<>(Set.of(origins)),
        resource.name() + " " + resource.version());
  }
}
