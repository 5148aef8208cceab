/** The few fields of Kubernetes objects that Isoline uses, as small immutable records. */
@org.jspecify.annotations.NullMarked
package io.isoline.translator.kube;
