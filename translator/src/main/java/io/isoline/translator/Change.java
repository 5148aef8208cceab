package io.isoline.translator;

import io.isoline.translator.kube.ClusterObject;

/** One thing that happened to the input of the {@link Translator}. */
public sealed interface Change {

  /** An object that is new or differs from what it was. */
  record Upsert(ClusterObject object) implements Change {}

  /** An object that is gone; no effect when it was not known. */
  record Delete(ObjectRef object) implements Change {}

  /**
   * An object that is there, or may be there, and that cannot be read. What was known of it before
   * stays in service, until it is upserted or deleted.
   *
   * @param message why, in words that follow its name
   * @param fix what to do about it; may be empty
   */
  record Unreadable(ObjectRef object, String message, String fix) implements Change {}

  /** Other settings. Everything is translated anew; what comes out equal is not an update. */
  record Configure(Settings settings) implements Change {}
}
