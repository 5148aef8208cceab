package io.isoline.controlplane.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.access.HeaderLine;
import io.isoline.controlplane.credentials.CheckDecision.Deny;
import io.isoline.controlplane.credentials.CheckDecision.Pass;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckDecisionTest {

  @ParameterizedTest
  @CsvSource({
    "401, 401, 401, Bearer",
    "401, 403, 401, Basic",
    "503, 401, 503, ",
    "401, 500, 500, ",
    "503, 500, 500, ",
  })
  void neither_ofTwo_asksToLogInUnlessNobodyKnows(
      int password, int service, int expected, String challenge) {
    Deny together =
        CheckDecision.neither(
            new Deny(password, password == 401 ? "Basic" : null, List.of()),
            new Deny(service, service == 401 ? "Bearer" : null, List.of()));
    assertEquals(expected, together.status());
    assertEquals(challenge, together.challenge());
  }

  @Test
  void withoutPassword_headerThatTheServiceSets_stays() {
    Pass none = new Pass(List.of(), List.of("x-user"), List.of());
    assertEquals(List.of("x-user", "authorization"), none.withoutPassword().removed());
    Pass own =
        new Pass(List.of(new HeaderLine("authorization", "Bearer 1")), List.of(), List.of());
    assertEquals(own, own.withoutPassword());
  }
}
