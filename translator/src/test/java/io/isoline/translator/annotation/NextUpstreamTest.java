package io.isoline.translator.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.model.Retries;
import io.isoline.translator.settings.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the annotations of retries come to. */
final class NextUpstreamTest {

  private final List<Verdict> verdicts = new ArrayList<>();

  private List<?> read(String... keysAndValues) {
    Map<String, String> annotations = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      annotations.put(Annotations.NGINX_PREFIX + keysAndValues[i], keysAndValues[i + 1]);
    }
    return Annotations.read(
            ObjectRef.ingress("default", "web"), annotations, Profile.STRICT, verdicts)
        .options()
        .stream()
        .filter(Retries.class::isInstance)
        .toList();
  }

  private Outcome outcome(String key) {
    String field = "metadata.annotations[" + Annotations.NGINX_PREFIX + key + "]";
    return verdicts.stream()
        .filter(each -> each.field().equals(field))
        .findFirst()
        .orElseThrow()
        .outcome();
  }

  private static Retries retries(
      boolean error,
      boolean timeout,
      List<Integer> statuses,
      boolean any,
      int tries,
      @Nullable Duration within) {
    return new Retries(error, timeout, new TreeSet<>(statuses), any, tries, within);
  }

  @Test
  void words_ofAllKinds_areRead() {
    assertEquals(
        List.of(retries(true, true, List.of(403, 502), true, 3, null)),
        read("proxy-next-upstream", " error  timeout http_502 http_403 non_idempotent "));
    assertEquals(Outcome.APPLIED, outcome("proxy-next-upstream"));
  }

  @ParameterizedTest
  @CsvSource({
    "error, APPLIED",
    "off, APPLIED",
    "error off, APPLIED_WITH_DIFFERENCE",
    "http_502, APPLIED_WITH_DIFFERENCE",
    "error foo, REFUSED",
    "http_5xx, REFUSED",
    "'error,timeout', REFUSED",
    "ERROR, REFUSED",
    "' ', REFUSED",
  })
  void words_anyList_hasItsVerdict(String words, Outcome outcome) {
    assertEquals(outcome == Outcome.REFUSED, read("proxy-next-upstream", words).isEmpty());
    assertEquals(outcome, outcome("proxy-next-upstream"));
  }

  @Test
  void words_besideATimeThatCannotBeRead_saySo() {
    read("proxy-next-upstream", "error timeout", "proxy-read-timeout", "1s");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, outcome("proxy-next-upstream"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, APPLIED",
    "2, 2, APPLIED",
    "21, 21, APPLIED",
    "22, 21, APPLIED_WITH_DIFFERENCE",
    "0, 21, APPLIED_WITH_DIFFERENCE",
  })
  void tries_alone_keepTheConditionsOfNginx(String value, int tries, Outcome outcome) {
    assertEquals(
        List.of(retries(true, true, List.of(), false, tries, null)),
        read("proxy-next-upstream-tries", value));
    assertEquals(outcome, outcome("proxy-next-upstream-tries"));
  }

  @ParameterizedTest
  @CsvSource({"-1", "many", "1.5"})
  void tries_thatAreNone_areRefused(String value) {
    assertEquals(List.of(), read("proxy-next-upstream-tries", value));
    assertEquals(Outcome.REFUSED, outcome("proxy-next-upstream-tries"));
  }

  @ParameterizedTest
  @CsvSource({"0, , APPLIED", "10, 10, APPLIED_WITH_DIFFERENCE"})
  void timeout_isToldWhatItCounts(String value, Long seconds, Outcome outcome) {
    assertEquals(
        List.of(
            retries(
                true,
                true,
                List.of(),
                false,
                3,
                seconds == null ? null : Duration.ofSeconds(seconds))),
        read("proxy-next-upstream-timeout", value));
    assertEquals(outcome, outcome("proxy-next-upstream-timeout"));
  }
}
