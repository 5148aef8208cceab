package io.isoline.translator.kube;

import io.isoline.translator.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * An IngressClass.
 *
 * @param controller {@code spec.controller}
 * @param isDefault the annotation {@code ingressclass.kubernetes.io/is-default-class} is "true"
 * @param hasParameters {@code spec.parameters} is there, which Isoline does not use
 */
public record IngressClassRecord(
    ObjectRef ref, Age age, @Nullable String controller, boolean isDefault, boolean hasParameters)
    implements ClusterObject {}
