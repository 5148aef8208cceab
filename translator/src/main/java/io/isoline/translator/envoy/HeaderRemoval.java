package io.isoline.translator.envoy;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation;
import io.isoline.translator.ClientHeaders;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.RouteSpace;
import io.isoline.translator.text.FramingHeaders;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what drops {@link ClientHeaders} from each request, before anything of it is used: a few in the
 * connection manager, where all of it is there once for each filter chain, the others at the {@link Gate}.
 *
 * <p>Envoy removes headers by the beginning of their name with {@code remove_on_match}, and those of
 * trailers with {@code request_trailers_mutations}, which the library's protos do not have yet. So the
 * configuration is a struct, which Envoy takes in the place of the message of any extension; whoever
 * prints it sees all of it.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/common/mutation_rules/v3/mutation_rules.proto">HeaderMutation</a>
 */
final class HeaderRemoval {

  /** Where a header waits while those beside it are removed; backends never see it. */
  private static final String KEPT = "x-isoline-kept-";

  /** Besides {@link FramingHeaders}. */
  private static final List<String> NOT_IN_TRAILERS =
      List.of(
          // Routing and modifiers
          "expect",
          "host",
          "max-forwards",
          "x-http-method-override",
          // Identity
          "authorization",
          "cookie",
          "proxy-authorization",
          // How to read the content
          "content-encoding",
          "content-range",
          "content-type");

  /** What Envoy writes to a request before its first filter, where it has something to write. */
  private static final List<String> OF_ENVOY =
      List.of(
          "x-envoy-external-address",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto");

  /** Characters of an expression; its program is no longer, and may have 1,000 instructions. */
  private static final int MAX_JOINED = 900;

  /** Any bytes, which is shorter to compile than any characters of UTF-8. */
  private static final String ANYTHING = "\\C*";

  /** A name of a header with a character that nginx takes for a mistake; Envoy lets no others pass. */
  private static final String NOT_OF_NGINX = ANYTHING + "[!#-'*+.^`|~]" + ANYTHING;

  private final List<Value> mutations = new ArrayList<>();

  private HeaderRemoval() {}

  /**
   * The extension of the connection manager for those that Envoy itself reads or writes before the first
   * filter, in their own spelling. Those that set such headers come after it.
   */
  static TypedExtensionConfig early(HttpOptions options) {
    HeaderRemoval removal = new HeaderRemoval();
    List<String> early =
        new ArrayList<>(ClientHeaders.dropped(options.trustedHops(), options.trustedHeaders()));
    early.removeIf(entry -> !isOfEnvoy(entry));
    removal.remove("x-isoline-*");
    removal.without(
        ClientHeaders.exceptions(early, options.trustedHeaders()),
        () -> early.forEach(removal::remove));
    return TypedExtensionConfig.newBuilder()
        .setName("isoline.client-headers")
        .setTypedConfig(
            config(HeaderMutation.getDescriptor(), "mutations", list(removal.mutations)))
        .build();
  }

  /**
   * What the {@link Gate} does with all others and all spellings, and with trailers.
   *
   * <p>Trailers lose them whoever is trusted: no proxy writes them there. So they do with fields that
   * must not be there, as they say how to read or route the request, or who asks.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1">RFC 9110, Limitations on
   *     Use of Trailers</a>
   */
  static Any atTheGate(RouteSpace space) {
    HeaderRemoval headers = new HeaderRemoval();
    headers.removeAtTheGate(space);
    if (space.hyphensOnly()) {
      headers.removeAny(List.of(NOT_OF_NGINX));
    }
    List<String> names = new ArrayList<>();
    ClientHeaders.dropped(0, List.of()).forEach(entry -> names.add(anySpelling(entry)));
    FramingHeaders.NAMES.forEach(entry -> names.add(anySpelling(entry)));
    NOT_IN_TRAILERS.forEach(entry -> names.add(anySpelling(entry)));
    HeaderRemoval trailers = new HeaderRemoval();
    trailers.removeAny(names);
    return config(
        HeaderMutationPerRoute.getDescriptor(),
        "mutations",
        Value.newBuilder()
            .setStructValue(
                Struct.newBuilder()
                    .putFields("request_mutations", list(headers.mutations))
                    .putFields("request_trailers_mutations", list(trailers.mutations)))
            .build());
  }

  private static Any config(Descriptor type, String field, Value value) {
    return Packing.any(
        TypedStruct.newBuilder()
            .setTypeUrl(Packing.typeUrl(type))
            .setValue(Struct.newBuilder().putFields(field, value))
            .build());
  }

  /** Whether Envoy writes one of these, so that a filter would drop what is not the client's. */
  private static boolean isOfEnvoy(String entry) {
    return OF_ENVOY.stream().anyMatch(name -> ClientHeaders.covers(entry, name));
  }

  private void removeAtTheGate(RouteSpace space) {
    List<String> trusted = space.trustedHeaders();
    int hops = space.trustsForwarded() ? 1 : 0;
    List<String> dropped = new ArrayList<>(ClientHeaders.dropped(hops, trusted));
    dropped.remove("x-isoline-*"); // By now it is what was written here.
    List<String> names = new ArrayList<>();
    for (String entry : dropped) {
      if (isOfEnvoy(entry)) {
        addOtherSpellings(names, entry);
      } else {
        names.add(anySpelling(entry));
      }
    }
    dropped.removeIf(HeaderRemoval::isOfEnvoy);
    ClientHeaders.passed(hops, trusted).forEach(entry -> addOtherSpellings(names, entry));
    without(ClientHeaders.exceptions(dropped, trusted), () -> removeAny(names));
  }

  /** Puts these aside while others are removed. */
  private void without(List<String> kept, Runnable removing) {
    for (int i = 0; i < kept.size(); i++) {
      copy(kept.get(i), KEPT + i);
    }
    removing.run();
    for (int i = 0; i < kept.size(); i++) {
      copy(KEPT + i, kept.get(i));
      remove(KEPT + i);
    }
  }

  /**
   * Servers that turn headers into variables take other characters for a hyphen, all of them an
   * underscore, some a dot and the like: {@code x.forwarded_user} becomes the same {@code
   * HTTP_X_FORWARDED_USER}.
   */
  private static String anySpelling(String entry) {
    return entry.replace("*", ANYTHING).replace("-", "[!-/^-`|~]");
  }

  /** What is passed on is so in its own spelling alone: the other one is set by nobody in front. */
  private static void addOtherSpellings(List<String> names, String entry) {
    String other = "[!-,./^-`|~]";
    for (int i = entry.indexOf('-'); i >= 0; i = entry.indexOf('-', i + 1)) {
      names.add(
          anySpelling(entry.substring(0, i)) + other + anySpelling(entry.substring(i + 1)));
    }
    if (ClientHeaders.isPrefix(entry)) {
      names.add(anySpelling(entry) + other + ANYTHING);
    }
  }

  /** Joins expressions, as one matches faster than many. A joined one is within Envoy's limit. */
  private void removeAny(List<String> names) {
    List<String> joined = new ArrayList<>();
    for (String name : names) {
      if (joined.isEmpty() || joined.getLast().length() + name.length() >= MAX_JOINED) {
        joined.add(name);
      } else {
        joined.add(joined.removeLast() + "|" + name);
      }
    }
    joined.forEach(regex -> removeMatching("safe_regex", struct("regex", text(regex))));
  }

  private void remove(String entry) {
    if (ClientHeaders.isPrefix(entry)) {
      removeMatching("prefix", text(entry.substring(0, entry.length() - 1)));
    } else {
      mutations.add(struct("remove", text(entry)));
    }
  }

  private void removeMatching(String kind, Value pattern) {
    mutations.add(struct("remove_on_match", struct("key_matcher", struct(kind, pattern))));
  }

  /** Sets a header to what another one is; where that is absent, nothing. */
  private void copy(String from, String to) {
    Value header =
        Value.newBuilder()
            .setStructValue(
                Struct.newBuilder()
                    .putFields("key", text(to))
                    .putFields("value", text("%REQ(" + from + ")%")))
            .build();
    Struct append =
        Struct.newBuilder()
            .putFields("header", header)
            .putFields("append_action", text("OVERWRITE_IF_EXISTS_OR_ADD"))
            .build();
    mutations.add(struct("append", Value.newBuilder().setStructValue(append).build()));
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private static Value struct(String field, Value value) {
    return Value.newBuilder().setStructValue(Struct.newBuilder().putFields(field, value)).build();
  }

  private static Value list(List<Value> values) {
    return Value.newBuilder().setListValue(ListValue.newBuilder().addAllValues(values)).build();
  }
}
