package io.isoline.controlplane.admin;

import io.isoline.translator.ResourceType;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.kube.Kind;
import io.isoline.translator.kube.KnownKind;

/** Spells the values of metric labels. */
final class Labels {

  private Labels() {}

  /** Names a resource type as xDS does. */
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

  /** Spells an outcome as {@code isoline lint -o json} does. */
  static String outcome(Outcome outcome) {
    return switch (outcome) {
      case APPLIED -> "Applied";
      case APPLIED_WITH_DIFFERENCE -> "AppliedWithDifference";
      case NO_EFFECT -> "NoEffect";
      case REFUSED -> "Refused";
      case UNPROTECTED -> "Unprotected";
    };
  }

  /** Names a kind that is watched; any other kind, which only a file can have, is {@code Other}. */
  static String kind(Kind kind) {
    return kind instanceof KnownKind known && known.isTranslated() ? known.text() : "Other";
  }
}
