package io.isoline.controlplane.status;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.EventList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.isoline.controlplane.status.RecordedEvent.Remark;
import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.controlplane.text.Printable;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.Kind;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes status and events to a real API server. */
final class KubernetesStatusApi implements StatusApi {

  private static final Logger log = LoggerFactory.getLogger(KubernetesStatusApi.class);

  /** The source of our events, for {@code kubectl describe}. */
  static final String COMPONENT = "isoline";

  /** How many characters of the server's words are shown at most. */
  private static final int LONGEST_WORDS = 2_000;

  private static final long PAGE = 500;

  /** More events of ours are not read: they are a convenience, and each costs about a kilobyte. */
  private static final int MAX_EVENTS = 10_000;

  private final KubernetesClient client;
  private final String instance;

  /**
   * Writes in the name of a replica.
   *
   * @param client its requests end within seconds
   * @param instance which replica this is
   */
  KubernetesStatusApi(KubernetesClient client, String instance) {
    this.client = client;
    this.instance = instance;
  }

  @Override
  public Answer applyStatus(StatusWrite write) {
    PatchContext apply =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(write.fieldManager())
            .withForce(true)
            .build();
    return answer(() -> client.resource(write.object()).subresource("status").patch(apply));
  }

  @Override
  public Answer create(RecordedEvent event) {
    Remark about = event.about();
    Event created =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(event.namespace())
            .withName(event.name())
            .endMetadata()
            .withNewInvolvedObject()
            .withKind(about.object().kind().text())
            .withNamespace(orNull(about.object().namespace()))
            .withName(about.object().name())
            .withUid(about.uid())
            .withApiVersion(about.apiVersion())
            .withResourceVersion(about.resourceVersion())
            .withFieldPath(orNull(about.fieldPath()))
            .endInvolvedObject()
            .withType(about.warning() ? "Warning" : "Normal")
            .withReason(about.reason())
            .withMessage(event.message())
            .withCount(event.count())
            .withFirstTimestamp(event.first().toString())
            .withLastTimestamp(event.last().toString())
            .withNewSource()
            .withComponent(COMPONENT)
            .endSource()
            .withReportingComponent(COMPONENT)
            .withReportingInstance(instance)
            .build();
    return answer(
        () -> client.v1().events().inNamespace(event.namespace()).resource(created).create());
  }

  @Override
  public Answer update(RecordedEvent event) {
    Event patch =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(event.namespace())
            .withName(event.name())
            .endMetadata()
            .withMessage(event.message())
            .withCount(event.count())
            .withLastTimestamp(event.last().toString())
            .build();
    return answer(
        () ->
            client
                .v1()
                .events()
                .inNamespace(event.namespace())
                .resource(patch)
                .patch(PatchContext.of(PatchType.JSON_MERGE)));
  }

  @Override
  public List<RecordedEvent> recorded(Set<String> namespaces) {
    List<RecordedEvent> recorded = new ArrayList<>();
    try {
      list(null, recorded);
    } catch (KubernetesClientException e) {
      if (e.getCode() != 403) {
        log.debug("events of before are not known: {}", words(e));
        return recorded;
      }
      for (String namespace : namespaces) {
        try {
          list(namespace, recorded);
        } catch (KubernetesClientException inOne) {
          log.debug("events of before in {} are not known: {}", namespace, words(inOne));
        }
      }
    }
    return recorded;
  }

  private void list(@Nullable String namespace, List<RecordedEvent> recorded) {
    String next = null;
    do {
      ListOptions page =
          new ListOptionsBuilder()
              .withFieldSelector("source=" + COMPONENT)
              .withLimit(PAGE)
              .withContinue(next)
              .build();
      EventList events =
          namespace == null
              ? client.v1().events().inAnyNamespace().list(page)
              : client.v1().events().inNamespace(namespace).list(page);
      for (Event event : events.getItems()) {
        RecordedEvent read = read(event);
        if (read != null) {
          recorded.add(read);
        }
      }
      next = orNull(events.getMetadata().getContinue());
    } while (next != null && recorded.size() < MAX_EVENTS);
  }

  private static @Nullable RecordedEvent read(Event event) {
    ObjectReference object = event.getInvolvedObject();
    if (object.getKind() == null || object.getName() == null || object.getUid() == null) {
      return null;
    }
    Remark about =
        new Remark(
            new ObjectRef(
                Kind.of(object.getKind()), orEmpty(object.getNamespace()), object.getName()),
            orEmpty(object.getApiVersion()),
            object.getUid(),
            orEmpty(object.getResourceVersion()),
            orEmpty(object.getFieldPath()),
            "Warning".equals(event.getType()),
            orEmpty(event.getReason()),
            orEmpty(event.getMessage()));
    Integer count = event.getCount();
    return new RecordedEvent(
        event.getMetadata().getName(),
        about,
        about.message(),
        count == null ? 1 : count,
        time(event.getFirstTimestamp(), event.getEventTime()),
        time(event.getLastTimestamp(), event.getEventTime()));
  }

  private static Instant time(@Nullable String timestamp, @Nullable MicroTime otherwise) {
    try {
      if (timestamp != null) {
        return Instant.parse(timestamp);
      }
      return otherwise == null ? Instant.EPOCH : Instant.parse(otherwise.getTime());
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static @Nullable String orNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static Answer answer(Runnable request) {
    try {
      request.run();
      return Answer.WRITTEN;
    } catch (KubernetesClientException e) {
      return new Answer(outcome(e), words(e));
    } catch (RuntimeException e) {
      return new Answer(Outcome.FAILED, e.toString());
    }
  }

  /** What the API server said, without what the client adds; or why it said nothing. */
  static String words(KubernetesClientException e) {
    Status status = e.getStatus();
    String said = status == null ? null : status.getMessage();
    return Printable.line(said == null ? String.valueOf(e.getMessage()) : said, LONGEST_WORDS);
  }

  private static Outcome outcome(KubernetesClientException e) {
    return switch (e.getCode()) {
      case 404 -> Outcome.GONE;
      case 409 -> Outcome.CONFLICT;
      // What is in a namespace that is being removed will not be there for long.
      case 403 ->
          words(e).contains("because it is being terminated") ? Outcome.GONE : Outcome.FORBIDDEN;
      // The object of that uid was replaced by another one.
      case 422 -> words(e).contains("metadata.uid") ? Outcome.CONFLICT : Outcome.REFUSED;
      case 400, 405, 413, 415 -> Outcome.REFUSED;
      default -> Outcome.FAILED;
    };
  }
}
