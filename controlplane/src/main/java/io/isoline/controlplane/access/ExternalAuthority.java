package io.isoline.controlplane.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.isoline.controlplane.access.AuthOutcome.Busy;
import io.isoline.controlplane.access.AuthOutcome.Failed;
import io.isoline.controlplane.access.AuthOutcome.Granted;
import io.isoline.controlplane.access.AuthOutcome.Refused;
import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.credentials.Template;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what authentication services say of requests: from memory where an Ingress says so, else by
 * asking. Whatever goes wrong lets nobody pass.
 *
 * <p>For any thread.
 */
public final class ExternalAuthority implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExternalAuthority.class);

  private static final Admission.Limits LIMITS = new Admission.Limits(1_024, 256, 16 << 20);

  /** Of one Ingress, a failure is told once in this time. */
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final AuthClient client;
  private final Admission admission;
  private final AnswerCache answers;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("auth-", 0).factory());
  private final Cache<String, Boolean> told =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumSize(1_000)
          .expireAfterWrite(QUIET)
          .build();

  /** Takes how long a service may take, how much is asked at a time, and the time of day. */
  ExternalAuthority(Duration patience, Admission.Limits limits, Clock clock) {
    client = new AuthClient(patience);
    admission = new Admission(limits);
    answers = new AnswerCache(clock);
  }

  /** Starts one as it is for an Envoy. */
  public static ExternalAuthority start() {
    return new ExternalAuthority(AuthClient.LIMIT, LIMITS, Clock.systemUTC());
  }

  /**
   * Finds out about one request. Never fails.
   *
   * @param text that of the check
   * @param loopback whether the service may be this machine
   */
  public CompletableFuture<AuthOutcome> ask(
      String text,
      ExternalCheck check,
      boolean loopback,
      AskedRequest request,
      Cancellation cancellation) {
    Fingerprint key = answers.key(text, check, request);
    AuthAnswer known = key == null ? null : answers.find(key);
    if (known != null) {
      return CompletableFuture.completedFuture(outcome(check, known));
    }
    Question question;
    try {
      question = Question.of(check, loopback, request);
    } catch (IOException e) {
      tell(check, e);
      return CompletableFuture.completedFuture(new Failed());
    }
    String namespace = request.value("namespace", check.owner());
    int size = question.head().length();
    if (!admission.enter(namespace, size)) {
      tell(check, new IOException("too many questions wait for an answer"));
      return CompletableFuture.completedFuture(new Busy());
    }
    CompletableFuture<AuthOutcome> outcome = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            try {
              client.ask(
                  question,
                  cancellation,
                  answer -> {
                    if (key != null) {
                      answers.keep(key, check, answer);
                    }
                    outcome.complete(outcome(check, answer));
                  });
            } catch (IOException | RuntimeException e) {
              if (!cancellation.isCancelled()) {
                tell(check, e);
              }
            } finally {
              admission.leave(namespace, size);
              // Without effect where there was an answer.
              outcome.complete(new Failed());
            }
          });
    } catch (RejectedExecutionException e) {
      admission.leave(namespace, size);
      outcome.complete(new Busy());
    }
    return outcome;
  }

  /** Where a client signs in, in the place of the answer 401. */
  public static String signIn(ExternalCheck check, Template page, AskedRequest request) {
    return page.fill(name -> UrlText.lenient(request.value(name, check.owner())));
  }

  private AuthOutcome outcome(ExternalCheck check, AuthAnswer answer) {
    if (answer.grants()) {
      List<HeaderLine> headers = new ArrayList<>();
      List<String> removed = new ArrayList<>();
      for (String name : check.responseHeaders()) {
        String value = answer.header(name);
        if (value == null || value.isEmpty()) {
          removed.add(name);
        } else {
          headers.add(new HeaderLine(name, value));
        }
      }
      return new Granted(headers, removed, answer.all("set-cookie"));
    }
    if (answer.status() == 401 || answer.status() == 403) {
      return new Refused(
          answer.status(), answer.header("www-authenticate"), answer.all("set-cookie"));
    }
    tell(check, new IOException("the service answers with status " + answer.status()));
    return new Failed();
  }

  private void tell(ExternalCheck check, Exception problem) {
    if (told.asMap().putIfAbsent(check.owner(), true) == null) {
      LOG.warn(
          "Ingress {}: requests are refused, as {} is not asked with success: {}",
          check.owner(),
          check.url(),
          problem.getMessage() == null ? problem.getClass().getName() : problem.getMessage());
    }
  }

  /** How many questions wait for an answer. */
  int waiting() {
    return admission.questions();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
  }
}
