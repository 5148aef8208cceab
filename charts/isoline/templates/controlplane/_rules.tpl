{{/*
Whether Roles in the namespaces that are served are enough: "true" or nothing. Namespaces with
certain labels may be new ones.
*/}}
{{- define "isoline.rules.byNamespace" -}}
{{- if and .Values.watchNamespaces (not .Values.watchNamespaceSelector) -}}true{{- end -}}
{{- end -}}

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
# What annotations of Ingresses name.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch]
# The address of Envoy goes into the status, by server-side apply.
- apiGroups: [networking.k8s.io]
  resources: [ingresses/status]
  verbs: [patch]
# What became of an object, for kubectl describe; who begins to lead looks what was said before.
- apiGroups: [""]
  resources: [events]
  verbs: [create, list, patch]
{{- if not (or .Values.rbac.namedSecrets (eq .Values.secretAccess "cluster")) }}
{{ include "isoline.rules.secrets" . }}
{{- end }}
{{- end -}}

{{- define "isoline.rules.secrets" -}}
# Certificates.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch]
{{- end -}}

{{/* Rights for objects that are in no namespace. */}}
{{- define "isoline.rules.cluster" -}}
# Which Ingresses are ours.
- apiGroups: [networking.k8s.io]
  resources: [ingressclasses]
  verbs: [get, list, watch]
# Which namespaces there are, their labels, which are being deleted, and which hosts they are given.
- apiGroups: [""]
  resources: [namespaces]
{{- if include "isoline.rules.byNamespace" . }}
  resourceNames:
    {{- toYaml .Values.watchNamespaces | nindent 4 }}
{{- end }}
  verbs: [get, list, watch]
{{- if eq .Values.secretAccess "cluster" }}
{{ include "isoline.rules.secrets" . }}
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
  verbs: [get, patch]
{{- end -}}
