{{/* Rights in every namespace that is served. */}}
{{- define "isoline.rules.served" -}}
# What routes are made of.
- apiGroups: [networking.k8s.io]
  resources: [ingresses]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
# The address of Envoy goes into the status, by server-side apply.
- apiGroups: [networking.k8s.io]
  resources: [ingresses/status]
  verbs: [patch]
# What became of an object, for kubectl describe.
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- if not .Values.rbac.namedSecrets }}
# Certificates.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch]
{{- end }}
{{- end -}}

{{/* Rights for objects that are in no namespace. */}}
{{- define "isoline.rules.cluster" -}}
# Which Ingresses are ours.
- apiGroups: [networking.k8s.io]
  resources: [ingressclasses]
  verbs: [get, list, watch]
{{- if not .Values.watchNamespaces }}
# Which namespaces there are, and their labels.
- apiGroups: [""]
  resources: [namespaces]
  verbs: [get, list, watch]
{{- end }}
{{- end -}}

{{/* Rights in the namespace of the release. */}}
{{- define "isoline.rules.own" -}}
# The election of the one that writes. A new Lease has no name yet that a rule could give.
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ include "isoline.lease.name" . }}]
  verbs: [get, list, watch, update, patch]
{{- end -}}
