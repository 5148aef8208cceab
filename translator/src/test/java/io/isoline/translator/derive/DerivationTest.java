package io.isoline.translator.derive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.tries.Draw;
import io.isoline.tries.Tries;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DerivationTest {

  private static final int KEYS = 8;

  /** A change of what is derived from; the value of key -1 is that of the stage of one value. */
  private record Edit(boolean add, int key, int fact) {}

  private static Edit edit(Draw draw) {
    return new Edit(draw.below(3) > 0, draw.below(KEYS + 1) - 1, draw.below(4));
  }

  /** Four stages of rows, of which each reads what the values of others say. */
  private static final class Chain {
    final Derivation derivation = new Derivation();
    final Facts<Integer, Integer> said = derivation.facts(Comparator.naturalOrder());
    final Value<Integer> shift = derivation.value(0);
    final Derived<Integer, Integer> sums = derivation.derived(said, key -> noted(0, key, this::sum));
    final Facts<Integer, Integer> keysOfSum = derivation.facts(Comparator.naturalOrder());
    final Derived<Integer, List<Integer>> walks =
        derivation.derived(said, key -> noted(1, key, this::walk));
    final Derived<Integer, Integer> counts =
        derivation.derived(keysOfSum, key -> noted(2, key, this::count));
    final Derived<Integer, String> texts =
        derivation.derived(said, key -> noted(3, key, this::text));

    /** Which rules ran, and what each has read the last time that it did. */
    final List<String> runs = new ArrayList<>();

    final Map<String, Map<String, @Nullable Object>> reads = new HashMap<>();
    private Map<String, @Nullable Object> reading = new HashMap<>();

    Chain() {
      sums.tell(
          (key, before, after) -> {
            if (before != null) {
              keysOfSum.remove(before, key);
            }
            if (after != null) {
              keysOfSum.add(after, key);
            }
          });
    }

    private <V> @Nullable V noted(int stage, int key, Derived.Rule<Integer, V> rule) {
      reading = new TreeMap<>();
      V value = rule.derive(key);
      runs.add(stage + "/" + key);
      reads.put(stage + "/" + key, reading);
      return value;
    }

    private <V extends @Nullable Object> V note(String what, V value) {
      reading.put(what, value);
      return value;
    }

    private List<Integer> facts(int key) {
      return note("said " + key, List.copyOf(said.of(key)));
    }

    /** Comes out equal often, and is absent often. */
    private @Nullable Integer sum(int key) {
      int sum = facts(key).stream().mapToInt(Integer::intValue).sum() % 4;
      return sum == 0 ? null : sum;
    }

    private @Nullable Integer sumOf(int key) {
      // A row that comes is something else than none, even if it has no value.
      note("row " + key, said.has(key));
      return note("sum " + key, sums.get(key));
    }

    /** From key to key as the sums say, so that which are read depends on what is read. */
    private List<Integer> walk(int key) {
      List<Integer> walk = new ArrayList<>();
      int at = key;
      for (int i = 0; i < 40; i++) {
        Integer sum = sumOf(at);
        walk.add(sum == null ? -1 : sum);
        if (sum == null) {
          break;
        }
        at = (at + sum * (i + 1) + (i % 2 == 0 ? note("shift", shift.get()) : 0)) % (2 * KEYS);
      }
      return walk;
    }

    private Integer count(int sum) {
      List<Integer> keys = note("keys of " + sum, List.copyOf(keysOfSum.of(sum)));
      return keys.size() + keys.getFirst();
    }

    private @Nullable String text(int key) {
      List<Integer> walk = note("walk " + key, walks.get((key + 1) % KEYS));
      Integer sum = sumOf(key);
      return sum == null ? null : walk + " " + note("count " + sum, counts.get(sum));
    }

    /** Whether a row is there, which is told by its stage and its key. */
    boolean has(String row) {
      return (row.startsWith("2/") ? keysOfSum : said).has(Integer.valueOf(row.substring(2)));
    }

    void edit(Edit edit) {
      if (edit.key() < 0) {
        shift.set(edit.fact());
      } else if (edit.add()) {
        said.add(edit.key(), edit.fact());
      } else {
        said.remove(edit.key(), edit.fact());
      }
    }

    /** All that there is, as who asks sees it. */
    List<@Nullable Object> all() {
      List<@Nullable Object> all = new ArrayList<>();
      for (int key = 0; key < KEYS; key++) {
        all.add(said.of(key));
        all.add(sums.get(key));
        all.add(walks.get(key));
        all.add(texts.get(key));
      }
      for (int sum = 0; sum < 4; sum++) {
        all.add(List.copyOf(keysOfSum.of(sum)));
        all.add(counts.get(sum));
      }
      return all;
    }
  }

  private static Chain anew(List<Edit> edits) {
    Chain anew = new Chain();
    edits.forEach(anew::edit);
    anew.derivation.settle();
    return anew;
  }

  @Test
  void settle_anyChangesInAnyGroups_isLikeAllOfThemAtOnce() {
    Tries.of(2_000)
        .run(
            draw -> {
              Chain chain = new Chain();
              List<Edit> edits = new ArrayList<>();
              for (List<Edit> batch :
                  draw.list(0, 12, each -> each.list(0, 6, DerivationTest::edit))) {
                batch.forEach(chain::edit);
                edits.addAll(batch);
                chain.derivation.settle();
                assertEquals(anew(edits).all(), chain.all());
              }
            });
  }

  @Test
  void settle_anyOrder_givesTheSame() {
    Tries.of(2_000)
        .run(
            draw -> {
              List<Edit> edits =
                  new ArrayList<>(
                      draw.list(
                          0, 30, each -> new Edit(true, each.below(KEYS), each.below(4))));
              Chain inOrder = anew(edits);
              Collections.shuffle(edits, new Random(draw.seed()));
              Chain shuffled = new Chain();
              SplittableRandom random = new SplittableRandom(draw.seed());
              for (Edit edit : edits) {
                shuffled.edit(edit);
                if (random.nextInt(3) == 0) {
                  shuffled.derivation.settle();
                }
              }
              shuffled.derivation.settle();
              assertEquals(inOrder.all(), shuffled.all());
            });
  }

  @Test
  void settle_oneChange_runsNoRuleThatReadsTheSameAsBefore() {
    Tries.of(2_000)
        .run(
            draw -> {
              Chain chain = new Chain();
              for (Edit edit : draw.list(0, 40, DerivationTest::edit)) {
                Map<String, Map<String, @Nullable Object>> before = new HashMap<>(chain.reads);
                chain.runs.clear();
                chain.edit(edit);
                chain.derivation.settle();
                Set<String> once = new HashSet<>();
                for (String run : chain.runs) {
                  assertTrue(once.add(run), () -> run + " ran twice");
                  assertTrue(
                      !Objects.equals(before.get(run), chain.reads.get(run)),
                      () -> run + " ran for nothing after " + edit);
                }
                chain.reads.keySet().removeIf(row -> !chain.has(row));
              }
            });
  }

  @Test
  void settle_allTakenBack_nothingIsLeft() {
    Tries.of(500)
        .run(
            draw -> {
              Chain chain = new Chain();
              List<Edit> edits = draw.list(0, 60, DerivationTest::edit);
              for (Edit edit : edits) {
                chain.edit(edit);
                if (draw.flag()) {
                  chain.derivation.settle();
                }
              }
              for (int key = 0; key < KEYS; key++) {
                for (Integer fact : List.copyOf(chain.said.of(key))) {
                  chain.said.remove(key, fact);
                }
              }
              chain.derivation.settle();
              assertEquals(0, chain.said.size());
              assertEquals(0, chain.keysOfSum.size());
              assertEquals(0, chain.sums.size());
              assertEquals(0, chain.walks.size());
              assertEquals(0, chain.counts.size());
            });
  }

  @Test
  void get_ofALaterStageOrTheSame_isRefused() {
    for (int read = 0; read < 2; read++) {
      Derivation derivation = new Derivation();
      Facts<Integer, String> facts = derivation.facts(Comparator.naturalOrder());
      List<Derived<Integer, String>> stages = new ArrayList<>();
      stages.add(derivation.derived(facts, key -> stages.get(key).get(-1)));
      stages.add(derivation.derived(facts, facts::first));
      facts.add(read, "");

      assertThrows(IllegalStateException.class, derivation::settle);
    }
  }

  @Test
  void of_factsOfALaterStage_isRefused() {
    Derivation derivation = new Derivation();
    Facts<String, String> facts = derivation.facts(Comparator.naturalOrder());
    List<Facts<String, String>> later = new ArrayList<>();
    derivation.derived(facts, key -> later.getFirst().first(key));
    later.add(derivation.facts(Comparator.naturalOrder()));
    facts.add("a", "a");

    assertThrows(IllegalStateException.class, derivation::settle);
  }

  @Test
  void add_toFactsOfAnEarlierStageWhileItSettles_isRefused() {
    Derivation derivation = new Derivation();
    Facts<String, String> facts = derivation.facts(Comparator.naturalOrder());
    derivation
        .derived(facts, key -> key)
        .tell((key, before, after) -> facts.add(key + key, key));
    facts.add("a", "a");

    assertThrows(IllegalStateException.class, derivation::settle);
  }

  @Test
  void alike_valueThatDiffersInNothingThatCounts_isNewButItsReadersDoNotRun() {
    Derivation derivation = new Derivation();
    Facts<String, String> facts = derivation.facts(Comparator.naturalOrder());
    Derived<String, String> words =
        derivation
            .<String, String>derived(facts, facts::first)
            .alike((a, b) -> a.equalsIgnoreCase(b));
    List<@Nullable String> read = new ArrayList<>();
    derivation.derived(
        facts,
        key -> {
          read.add(words.get("a"));
          return null;
        });
    facts.put("b", "");
    facts.put("a", "x");
    derivation.settle();
    facts.put("a", "X");
    read.clear();

    derivation.settle();

    assertEquals("X", words.get("a"));
    assertEquals(List.of("X"), read, "the one whose own key has another fact");
  }

  @Test
  void settle_valueThatIsEqual_isTheOneOfBefore() {
    Derivation derivation = new Derivation();
    Facts<String, Integer> facts = derivation.facts(Comparator.naturalOrder());
    Derived<String, List<Integer>> lists =
        derivation.derived(facts, key -> List.of(facts.of(key).getFirst() / 2));
    facts.put("a", 2);
    derivation.settle();
    List<Integer> before = lists.get("a");

    facts.put("a", 3);
    derivation.settle();

    assertSame(before, lists.get("a"));
    assertNull(lists.get("b"));
  }

  @Test
  void settle_ruleThatReadsThousands_runsForEachOfThemAndForNoOther() {
    Derivation derivation = new Derivation();
    Facts<Integer, Integer> numbers = derivation.facts(Comparator.naturalOrder());
    Facts<String, String> sums = derivation.facts(Comparator.naturalOrder());
    Value<Integer> summed = derivation.value(0);
    List<Integer> runs = new ArrayList<>();
    Derived<String, Integer> sum =
        derivation.derived(
            sums,
            key -> {
              runs.add(summed.get());
              int total = 0;
              for (int i = 0; i < summed.get(); i++) {
                total += numbers.of(i).getFirst();
              }
              return total;
            });
    sums.add("all", "");
    for (int i = 0; i < 3_000; i++) {
      numbers.add(i, 1);
    }
    for (int first : new int[] {100, 2_000, 2_100, 10, 2_000, 0, 5}) {
      summed.set(first);
      derivation.settle();
      assertEquals(first, sum.get("all"));

      for (int i = 0; i < 3_000; i += 99) {
        runs.clear();
        numbers.put(i, 2);
        derivation.settle();
        assertEquals(i < first ? first + 1 : first, sum.get("all"), "after a change of " + i);
        assertEquals(i < first ? 1 : 0, runs.size(), "after a change of " + i);
        numbers.put(i, 1);
        derivation.settle();
      }
    }
  }

  @Test
  void derived_ofFactsThatAreThere_hasTheirRows() {
    Derivation derivation = new Derivation();
    Facts<String, Integer> facts = derivation.facts(Comparator.naturalOrder());
    facts.add("one", 1);
    facts.add("two", 1);
    facts.add("two", 2);
    facts.add("gone", 1);
    facts.remove("gone", 1);
    Derived<String, Integer> sizes = derivation.derived(facts, key -> facts.of(key).size());

    derivation.settle();

    assertEquals(1, sizes.get("one"));
    assertEquals(2, sizes.get("two"));
    assertEquals(2, sizes.size());
  }

  @Test
  void settle_ruleThatReadsNothing_rowComesAndGoesWithItsFacts() {
    Derivation derivation = new Derivation();
    Facts<String, String> facts = derivation.facts(Comparator.naturalOrder());
    Derived<String, String> keys = derivation.derived(facts, key -> key);
    facts.add("a", "");
    derivation.settle();
    assertEquals("a", keys.get("a"));

    facts.remove("a", "");
    derivation.settle();

    assertNull(keys.get("a"));
  }

  @Test
  void get_rowWithoutAValueThatWentAndCame_isReadAgain() {
    Derivation derivation = new Derivation();
    Facts<String, String> facts = derivation.facts(Comparator.naturalOrder());
    Facts<String, String> readers = derivation.facts(Comparator.naturalOrder());
    Derived<String, String> words =
        derivation.derived(facts, key -> "none".equals(facts.first(key)) ? null : key);
    Derived<String, String> read =
        derivation.derived(readers, key -> Objects.requireNonNullElse(words.get("a"), "nothing"));
    readers.add("reader", "");
    facts.add("a", "none");
    derivation.settle();
    facts.remove("a", "none");
    derivation.settle();
    assertEquals("nothing", read.get("reader"));

    facts.add("a", "some");
    derivation.settle();

    assertEquals("a", read.get("reader"));
  }

  @Test
  void put_theSameFact_runsNoRule() {
    Derivation derivation = new Derivation();
    Facts<String, String> facts = derivation.facts(Comparator.naturalOrder());
    List<String> runs = new ArrayList<>();
    Derived<String, String> first =
        derivation.derived(
            facts,
            key -> {
              runs.add(key);
              return facts.first(key);
            });
    facts.put("a", "x");
    derivation.settle();
    facts.put("a", "x");
    facts.put("b", null);
    derivation.settle();
    assertEquals(List.of("a"), runs);
    assertEquals(1, facts.size());

    facts.put("a", null);
    derivation.settle();

    assertNull(first.get("a"));
    assertEquals(0, facts.size());
  }

  @Test
  void touch_aKey_runsTheRulesThatReadItAndNoOther() {
    Derivation derivation = new Derivation();
    Facts<String, String> facts = derivation.facts(Comparator.naturalOrder());
    List<String> runs = new ArrayList<>();
    derivation.derived(
        facts,
        key -> {
          runs.add(key);
          return facts.first(key);
        });
    facts.add("a", "");
    facts.add("b", "");
    derivation.settle();
    runs.clear();

    facts.touch("a");
    facts.touch("unheard-of");
    derivation.settle();

    assertEquals(List.of("a"), runs);
  }

  @Test
  void write_byARule_isRefused() {
    Derivation derivation = new Derivation();
    Facts<String, String> facts = derivation.facts(Comparator.naturalOrder());
    List<Runnable> rules = new ArrayList<>();
    derivation.derived(
        facts,
        key -> {
          rules.forEach(Runnable::run);
          return key;
        });
    Facts<String, String> later = derivation.facts(Comparator.naturalOrder());
    Value<Integer> value = derivation.value(0);
    later.add("a", "a");
    rules.add(() -> assertThrows(IllegalStateException.class, () -> later.add("b", "b")));
    rules.add(() -> assertThrows(IllegalStateException.class, () -> later.remove("a", "a")));
    rules.add(() -> assertThrows(IllegalStateException.class, () -> later.touch("a")));
    rules.add(() -> assertThrows(IllegalStateException.class, () -> value.set(1)));
    rules.add(() -> assertThrows(IllegalStateException.class, value::get));
    facts.add("a", "a");

    derivation.settle();

    assertEquals(List.of("a"), later.of("a"));
    assertEquals(0, value.get());
  }
}
