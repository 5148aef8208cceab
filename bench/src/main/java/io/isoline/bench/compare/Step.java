package io.isoline.bench.compare;

import java.util.List;

/** What is measured, in the order of a trial. */
enum Step {
  START_CONTROL_PLANE("control plane started, until it serves xDS"),
  START_ENVOY("Envoy started, until the last host answers"),
  NEW_INGRESS("new Ingress"),
  ENDPOINT_CHANGED("endpoint changed"),
  BACKEND_SWITCHED("backend switched"),
  PATH_ADDED("path added"),
  CERTIFICATE_ROTATED("certificate rotated"),
  INGRESS_DELETED("Ingress deleted"),
  STORM("storm: last change live"),
  STORM_ALL("storm: all changes seen live"),
  AT_REST("after all changes"),
  LOAD_ONE_HOST("requests to one host"),
  LOAD_ALL_HOSTS("requests to all hosts"),
  START_BOTH("both started, until the last host answers");

  private final String label;

  Step(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** The changes that are made one by one. */
  static List<Step> changes(Mode mode) {
    return List.of(
            NEW_INGRESS,
            ENDPOINT_CHANGED,
            BACKEND_SWITCHED,
            PATH_ADDED,
            CERTIFICATE_ROTATED,
            INGRESS_DELETED)
        .stream()
        .filter(step -> step != CERTIFICATE_ROTATED || mode.isTls())
        .toList();
  }
}
