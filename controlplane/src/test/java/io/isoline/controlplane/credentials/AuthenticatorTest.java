package io.isoline.controlplane.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.credentials.Authenticator.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {

  private static final String COSTLY =
      "ada:$2b$04$SsgjUKqBXD7xRvp12G3E6eOmOFoIxGYf0lhaHGYknxDzfomb1Rzum\n";

  private final HashingQueue queue =
      HashingQueue.start(new HashingQueue.Limits(1, 10, 10, Long.MAX_VALUE), System::nanoTime);
  private final Authenticator authenticator = new Authenticator(queue);

  @AfterEach
  void close() {
    authenticator.close();
  }

  private static BasicCredentials credentials(String user, String password) {
    String text = user + ":" + password;
    return Objects.requireNonNull(
        BasicCredentials.parse(
            "Basic "
                + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
  }

  private Answer ask(String list, String user, String password) {
    return authenticator.check(list, credentials(user, password)).join();
  }

  @Test
  void rightPassword_isRememberedForThisList() {
    assertEquals(Answer.GRANTED, ask(COSTLY, "ada", "pw"));
    queue.close();
    assertEquals(Answer.GRANTED, ask(COSTLY, "ada", "pw"));
    // Each of these would have to be compared.
    assertEquals(Answer.BUSY, ask(COSTLY, "ada", "pv"));
    assertEquals(Answer.BUSY, ask(COSTLY + "bob:{PLAIN}x\n", "ada", "pw"));
  }

  @Test
  void wrongPassword_isRefusedAgainWithoutAComparison() {
    assertEquals(Answer.REFUSED, ask(COSTLY, "ada", "pv"));
    queue.close();
    assertEquals(Answer.REFUSED, ask(COSTLY, "ada", "pv"));
  }

  @Test
  void unknownUser_isComparedAsAKnownOne() {
    assertEquals(Answer.REFUSED, ask(COSTLY, "eve", "pw"));
    queue.close();
    assertEquals(Answer.BUSY, ask(COSTLY, "mallory", "pw"));
  }

  @Test
  void unknownUser_withThePasswordOfAnother_isRefused() {
    assertEquals(Answer.REFUSED, ask("ada:{PLAIN}pw\n", "eve", "pw"));
    assertEquals(Answer.REFUSED, ask(COSTLY, "eve", "pw"));
  }

  @Test
  void sameQuestionAtATime_isComparedOnce() {
    List<CompletableFuture<Answer>> answers =
        IntStream.range(0, 100)
            .mapToObj(i -> authenticator.check(COSTLY, credentials("ada", "pw")))
            .toList();
    for (CompletableFuture<Answer> each : answers) {
      assertEquals(Answer.GRANTED, each.join());
    }
  }

  @Test
  void userInUtf8_isFound() {
    assertEquals(Answer.GRANTED, ask("jürgen:{PLAIN}größe\n", "jürgen", "größe"));
  }

  @Test
  void emptyList_refuses() {
    assertEquals(Answer.REFUSED, ask("", "ada", "pw"));
    assertEquals(Answer.REFUSED, ask("\n:x\nada\n", "ada", ""));
  }

  @Test
  void firstLineOfAUser_counts() {
    assertEquals(Answer.REFUSED, ask("ada:{PLAIN}a\nada:{PLAIN}b\n", "ada", "b"));
  }

  @Test
  void manyLists_areAllAnswered() {
    for (int i = 0; i < 500; i++) {
      String list = ("user" + i + ":{PLAIN}pw\n").repeat(200) + "ada:{PLAIN}" + i + "\n";
      assertEquals(Answer.GRANTED, ask(list, "ada", "" + i));
    }
    assertEquals(Answer.GRANTED, ask("ada:{PLAIN}pw\n", "ada", "pw"));
  }
}
