package io.isoline.controlplane.credentials;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.isoline.controlplane.access.Fingerprint;
import io.isoline.translator.credentials.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Decides whether a user of a list has this password.
 *
 * <p>A costly hash is compared once for a password that is right: the answer is remembered for the
 * text of the list, so a changed list begins anew. A password that was wrong is remembered for some
 * seconds, apart from the others, so that guesses push out no right one. Questions that are asked
 * while the same one is looked at get its answer. Answers are kept under keyed hashes, so that no
 * password is in memory for longer than it takes to compare it.
 *
 * <p>For any thread.
 */
final class Authenticator implements AutoCloseable {

  /** The outcome for one request. */
  enum Answer {
    GRANTED,
    REFUSED,
    /** Nobody knows: the comparison could not be made. */
    BUSY
  }

  private static final int REMEMBERED = 20_000;
  private static final Duration REMEMBERED_FOR = Duration.ofHours(1);
  private static final int RECENT = 1_000;
  private static final Duration RECENT_FOR = Duration.ofSeconds(10);

  /** The text of the lists that are kept in parsed form, which takes some three times as much. */
  private static final int LIST_CHARACTERS = 4 << 20;

  private static final int OVERHEAD = 128;

  private final Fingerprint.Maker fingerprints = new Fingerprint.Maker();
  private final HashingQueue queue;

  /** By their text: to compare that is ten times as fast as to make its fingerprint. */
  private final Cache<String, Users> lists =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumWeight(LIST_CHARACTERS)
          .<String, Users>weigher((text, users) -> text.length() + OVERHEAD * users.all().size())
          .build();

  private final Cache<Fingerprint, Boolean> right =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumSize(REMEMBERED)
          .expireAfterAccess(REMEMBERED_FOR)
          .build();
  private final AsyncCache<Fingerprint, Boolean> recent =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumSize(RECENT)
          .expireAfterWrite(RECENT_FOR)
          .buildAsync();

  /**
   * Makes an authenticator whose costly comparisons go through a queue, which is closed with it.
   */
  Authenticator(HashingQueue queue) {
    this.queue = queue;
  }

  /**
   * Answers for one request, at once unless a costly hash has to be compared. Never fails.
   *
   * @param list the text of the list
   */
  CompletableFuture<Answer> check(String list, BasicCredentials credentials) {
    Users users = lists.get(list, this::parse);
    byte[] id = users.list().bytes();
    byte[] user = credentials.user().getBytes(StandardCharsets.ISO_8859_1);
    PasswordHash known = users.find(credentials.user());
    PasswordHash hash =
        known == null ? users.decoy(fingerprints.of(List.of(id, user))) : known;
    if (hash == null) {
      return CompletableFuture.completedFuture(Answer.REFUSED);
    }
    byte[] password = credentials.password().toByteArray();
    if (!hash.scheme().isCostly()) {
      boolean same = HashComparison.matches(hash, password);
      return CompletableFuture.completedFuture(answer(same && known != null));
    }
    Fingerprint question = fingerprints.of(List.of(id, user, password));
    if (right.getIfPresent(question) != null) {
      return CompletableFuture.completedFuture(Answer.GRANTED);
    }
    return recent
        .get(
            question,
            (key, executor) ->
                queue.submit(
                    users.list(),
                    () -> {
                      boolean same = HashComparison.matches(hash, password);
                      if (same && known != null) {
                        right.put(question, true);
                      }
                      return same && known != null;
                    }))
        .handle((same, failure) -> failure == null ? answer(same) : Answer.BUSY);
  }

  private Users parse(String list) {
    return Users.parse(fingerprints.of(List.of(list.getBytes(StandardCharsets.UTF_8))), list);
  }

  private static Answer answer(boolean right) {
    return right ? Answer.GRANTED : Answer.REFUSED;
  }

  @Override
  public void close() {
    queue.close();
  }
}
