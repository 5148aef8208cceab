package io.isoline.controlplane.admin;

import io.isoline.translator.ResourceType;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.kube.Kind;
import io.isoline.translator.kube.KnownKind;

/** How labels spell what they stand for. */
final class Labels {

  private Labels() {}

  /** The names that xDS has for its types. */
  static String type(ResourceType type) {
    return switch (type) {
      case CLUSTER -> "Cluster";
      case ENDPOINT -> "ClusterLoadAssignment";
      case SECRET -> "Secret";
      case LISTENER -> "Listener";
      case EXTENSION -> "TypedExtensionConfig";
      case SCOPE -> "ScopedRouteConfiguration";
      case ROUTE -> "RouteConfiguration";
    };
  }

  /** As in the output of {@code isoline lint -o json}. */
  static String outcome(Outcome outcome) {
    return switch (outcome) {
      case APPLIED -> "Applied";
      case APPLIED_WITH_DIFFERENCE -> "AppliedWithDifference";
      case NO_EFFECT -> "NoEffect";
      case REFUSED -> "Refused";
      case UNPROTECTED -> "Unprotected";
    };
  }

  /** The kinds that are watched. Another one, which only a file can have, is {@code Other}. */
  static String kind(Kind kind) {
    return kind instanceof KnownKind known && known.isTranslated() ? known.text() : "Other";
  }
}
