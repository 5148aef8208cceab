package io.isoline.translator.kube;

import io.isoline.translator.ObjectRef;

/** The projection of a Kubernetes object: only what the translation reads. */
public sealed interface ClusterObject
    permits IngressRecord,
        IngressClassRecord,
        ServiceRecord,
        EndpointSliceRecord,
        SecretRecord,
        ConfigMapRecord,
        NamespaceRecord {

  ObjectRef ref();
}
