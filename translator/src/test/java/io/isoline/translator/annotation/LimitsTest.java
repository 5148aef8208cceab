package io.isoline.translator.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.model.AddressList;
import io.isoline.translator.model.ConnectionLimit;
import io.isoline.translator.model.RequestLimit;
import io.isoline.translator.model.RequestLimit.Rate;
import io.isoline.translator.model.ResponseRate;
import io.isoline.translator.text.IpRange;
import java.time.Duration;
import io.isoline.translator.settings.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the annotations that say who gets in, and how much, come to. */
final class LimitsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final List<Verdict> verdicts = new ArrayList<>();

  private Policy read(String... keysAndValues) {
    Map<String, String> annotations = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      annotations.put(Annotations.NGINX_PREFIX + keysAndValues[i], keysAndValues[i + 1]);
    }
    return Annotations.read(ObjectRef.ingress("default", "web"), annotations, Profile.STRICT, verdicts);
  }

  private Outcome outcome(String key) {
    return verdict(key).outcome();
  }

  private Verdict verdict(String key) {
    String field = "metadata.annotations[" + Annotations.NGINX_PREFIX + key + "]";
    return verdicts.stream().filter(each -> each.field().equals(field)).findFirst().orElseThrow();
  }

  @Test
  void addressLists_both_areOneOption() {
    Policy policy =
        read(
            "whitelist-source-range", "10.0.0.0/8,\n192.0.2.1 \n",
            "denylist-source-range", "10.9.0.0/16");
    assertEquals(
        List.of(
            new AddressList(
                List.of(new IpRange("10.0.0.0", 8), new IpRange("192.0.2.1", 32)),
                List.of(new IpRange("10.9.0.0", 16)))),
        policy.options());
    assertFalse(policy.denied());
    assertEquals(Outcome.APPLIED, outcome("whitelist-source-range"));
  }

  @Test
  void allowlist_underBothNames_isTheNewOne() {
    Policy policy = read("whitelist-source-range", "10.0.0.1", "allowlist-source-range", "10.0.0.2");
    assertEquals(
        List.of(new AddressList(List.of(new IpRange("10.0.0.2", 32)), List.of())),
        policy.options());
    assertEquals(Outcome.NO_EFFECT, outcome("whitelist-source-range"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allowlist-source-range | ''",
        "denylist-source-range | ''",
        "allowlist-source-range | ,",
        "whitelist-source-range | 10.0.0.1, foo",
        "denylist-source-range | 10.0.0.1/33",
        "allowlist-source-range | $remote_addr",
        "allowlist-source-range | 10.0.0.1; allow all",
        "limit-rps | -1",
        "limit-rpm | 5r/m",
        "limit-rps | 1e3",
        "limit-allowlist | foo",
        "limit-connections | -1",
        "limit-connections | 1; return 200",
        "limit-connections | 100000",
      })
  void protection_thatCannotBeRead_letsNobodyIn(String key, String value) {
    assertTrue(read(key, value).denied());
    assertEquals(Outcome.REFUSED, outcome(key));
    assertTrue(verdict(key).message().contains("get 503"), verdict(key)::message);
  }

  @Test
  void limitConnections_countsAllOfTheIngress() {
    assertEquals(
        List.of(new ConnectionLimit("default/web", 10, List.of(new IpRange("10.0.0.0", 8)))),
        read("limit-connections", "+10", "limit-allowlist", "10.0.0.0/8").options());
    assertEquals(Outcome.APPLIED, outcome("limit-connections"));
    assertEquals(Outcome.APPLIED, outcome("limit-allowlist"));
    assertEquals(List.of(), read("limit-connections", "0").options());
    assertEquals(Outcome.APPLIED, outcome("limit-connections"));
  }

  @Test
  void limitConnections_moreExemptAddressesThanEnvoyTakes_letsNobodyIn() {
    String many =
        IntStream.range(0, 100)
            .mapToObj(i -> "10.0.%d.%d".formatted(i / 250, i % 250))
            .collect(Collectors.joining(","));
    assertTrue(read("limit-connections", "10", "limit-allowlist", many).denied());
    assertFalse(read("limit-rps", "10", "limit-allowlist", many).denied());
  }

  @Test
  void whitelist_empty_countsAsNone() {
    Policy policy = read("whitelist-source-range", "");
    assertFalse(policy.denied());
    assertEquals(List.of(), policy.options());
    assertEquals(Outcome.APPLIED, outcome("whitelist-source-range"));
  }

  @ParameterizedTest
  @CsvSource({"10, , 51", "10, 1, 11", "10, 0, 51", "10, junk, 51", "+3, 2, 7"})
  void limitRps_atOnce_isAMultipleAndOne(String rps, String multiplier, long atOnce) {
    Policy policy =
        multiplier == null
            ? read("limit-rps", rps)
            : read("limit-rps", rps, "limit-burst-multiplier", multiplier);
    assertEquals(
        List.of(
            new RequestLimit(
                "default/web",
                List.of(new Rate(Long.parseLong(rps), SECOND, atOnce)),
                List.of())),
        policy.options());
  }

  @Test
  void limit_both_areTwoRatesOfOneCounter() {
    Policy policy =
        read("limit-rps", "2", "limit-rpm", "30", "limit-whitelist", "10.0.0.1, 2001:db8::/32");
    assertEquals(
        List.of(
            new RequestLimit(
                "default/web",
                List.of(new Rate(2, SECOND, 11), new Rate(30, MINUTE, 151)),
                List.of(
                    new IpRange("10.0.0.1", 32), new IpRange("2001:db8:0:0:0:0:0:0", 32)))),
        policy.options());
  }

  @Test
  void limit_huge_isTheMostThatEnvoyCounts() {
    long most = 0xffff_ffffL;
    assertEquals(
        List.of(
            new RequestLimit("default/web", List.of(new Rate(most, SECOND, most)), List.of())),
        read("limit-rps", "999999999999", "limit-burst-multiplier", "1000000").options());
  }

  @Test
  void limitAllowlist_alone_meansNothing() {
    assertEquals(List.of(), read("limit-rps", "0", "limit-allowlist", "10.0.0.1").options());
    assertEquals(
        "without limit-rps, limit-rpm and limit-connections it means nothing",
        verdict("limit-allowlist").message());
  }

  @Test
  void limitRate_withBuffering_isInForceFromTheFirstByte() {
    assertEquals(
        List.of(new ResponseRate(5)),
        read("limit-rate", "5", "limit-rate-after", "20", "proxy-buffering", "on").options());
    assertEquals(Outcome.APPLIED, outcome("limit-rate"));
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, outcome("limit-rate-after"));
  }

  @Test
  void limitRate_withoutBuffering_meansNothing() {
    assertEquals(List.of(), read("limit-rate", "5", "proxy-buffering", "off").options());
    assertEquals(
        "unless proxy-buffering is on it means nothing, as with ingress-nginx",
        verdict("limit-rate").message());
  }

  @Test
  void limitRate_junk_isAsIfItWasNotThere() {
    Policy policy = read("limit-rate", "1k", "proxy-buffering", "on");
    assertEquals(List.of(), policy.options());
    assertFalse(policy.denied());
    assertEquals(Outcome.REFUSED, outcome("limit-rate"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enable-modsecurity | true",
        "enable-modsecurity | yes",
        "enable-owasp-core-rules | T",
        "modsecurity-snippet | SecRuleEngine On",
        "modsecurity-snippet | '# a\nSecRuleEngine On'",
      })
  void firewall_thatThereIsNot_letsNobodyIn(String key, String value) {
    assertTrue(read(key, value.replace("\\n", "\n")).denied());
    assertEquals(Outcome.REFUSED, outcome(key));
  }

  @Test
  void firewall_switchedOff_isAlreadySo() {
    Policy policy =
        read(
            "enable-modsecurity", "false",
            "enable-owasp-core-rules", "true",
            "modsecurity-snippet", "SecRuleEngine On",
            "modsecurity-transaction-id", "$request_id");
    assertFalse(policy.denied());
    assertTrue(verdicts.stream().allMatch(each -> each.outcome() == Outcome.APPLIED));
  }

  @Test
  void modsecuritySnippet_ofComments_asksForNothing() {
    assertFalse(read("modsecurity-snippet", "# nothing\n\n").denied());
  }
}
