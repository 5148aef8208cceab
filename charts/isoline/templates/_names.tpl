{{/* The beginning of all names: at most 40 characters, so that the longest ending fits into 63. */}}
{{- define "isoline.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "isoline.controlPlane.name" -}}{{ include "isoline.fullname" . }}-controlplane{{- end -}}
{{- define "isoline.envoy.name" -}}{{ include "isoline.fullname" . }}-envoy{{- end -}}
{{- define "isoline.certificates.name" -}}{{ include "isoline.fullname" . }}-certificates{{- end -}}
{{- define "isoline.xds.name" -}}{{ include "isoline.fullname" . }}-xds{{- end -}}
{{- define "isoline.lease.name" -}}{{ include "isoline.fullname" . }}-leader{{- end -}}

{{/* Objects without a namespace: two releases of one name in two namespaces must not meet. */}}
{{- define "isoline.controlPlane.clusterName" -}}
{{ include "isoline.controlPlane.name" . }}-{{ .Release.Namespace }}
{{- end -}}

{{- define "isoline.controlPlane.serviceAccount" -}}
{{- $default := ternary (include "isoline.controlPlane.name" .) "default" .Values.controlPlane.serviceAccount.create -}}
{{- default $default .Values.controlPlane.serviceAccount.name -}}
{{- end -}}
{{- define "isoline.envoy.serviceAccount" -}}
{{- $default := ternary (include "isoline.envoy.name" .) "default" .Values.envoy.serviceAccount.create -}}
{{- default $default .Values.envoy.serviceAccount.name -}}
{{- end -}}
{{- define "isoline.certificates.serviceAccount" -}}
{{- $default := ternary (include "isoline.certificates.name" .) "default" .Values.certificates.serviceAccount.create -}}
{{- default $default .Values.certificates.serviceAccount.name -}}
{{- end -}}

{{/* The Secrets that "isoline certs" makes have these names; cert-manager is told others. */}}
{{- define "isoline.serverSecret" -}}
{{- $names := dict "isoline" "isoline-xds-server" "existing" .Values.certificates.existing.serverSecret -}}
{{- default (printf "%s-xds-server" (include "isoline.fullname" .)) (get $names .Values.certificates.source) -}}
{{- end -}}
{{- define "isoline.clientSecret" -}}
{{- $names := dict "isoline" "isoline-xds-client" "existing" .Values.certificates.existing.clientSecret -}}
{{- default (printf "%s-xds-client" (include "isoline.fullname" .)) (get $names .Values.certificates.source) -}}
{{- end -}}

{{/* The default certificate that all replicas share: the user's, or what the Job makes. */}}
{{- define "isoline.defaultCertificate" -}}
{{- default "isoline-default-certificate" .Values.defaultCertificate.secretName -}}
{{- end -}}

{{/* What the Job makes: xds, default, both, or nothing when there is no Job. */}}
{{- define "isoline.certificates.made" -}}
{{- $xds := eq .Values.certificates.source "isoline" -}}
{{- $default := and .Values.controlPlane.enabled (not .Values.defaultCertificate.secretName) -}}
{{- if and $xds $default -}}both{{- else if $xds -}}xds{{- else if $default -}}default{{- end -}}
{{- end -}}

{{/* By what a component is found: (dict "context" $ "component" NAME). Never changes in a release. */}}
{{- define "isoline.selector" -}}
app.kubernetes.io/name: {{ default .context.Chart.Name .context.Values.nameOverride }}
app.kubernetes.io/instance: {{ .context.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Labels of an object: (dict "context" $ "component" NAME "labels" MAP). */}}
{{- define "isoline.labels" -}}
{{- $labels := include "isoline.selector" . | fromYaml -}}
{{- $_ := set $labels "app.kubernetes.io/version" .context.Chart.AppVersion -}}
{{- $_ := set $labels "app.kubernetes.io/part-of" "isoline" -}}
{{- $_ := set $labels "app.kubernetes.io/managed-by" .context.Release.Service -}}
{{- $_ := set $labels "helm.sh/chart" (printf "%s-%s" .context.Chart.Name .context.Chart.Version) -}}
{{- toYaml (merge $labels (default dict .labels) .context.Values.commonLabels) -}}
{{- end -}}

{{/*
Labels of a pod: (dict "context" $ "component" NAME "labels" MAP). Without the version of the chart:
a new one alone must not replace Envoys.
*/}}
{{- define "isoline.podLabels" -}}
{{- $labels := include "isoline.selector" . | fromYaml -}}
{{- $_ := set $labels "app.kubernetes.io/part-of" "isoline" -}}
{{- toYaml (merge $labels (default dict .labels) .context.Values.commonLabels) -}}
{{- end -}}

{{/* metadata of a namespaced object: (dict "context" $ "component" NAME "name" NAME "labels" MAP "annotations" MAP "namespace" NAME). */}}
{{- define "isoline.metadata" -}}
name: {{ .name }}
namespace: {{ default .context.Release.Namespace .namespace }}
{{ include "isoline.metadata.rest" . }}
{{- end -}}

{{/* metadata of an object without a namespace. */}}
{{- define "isoline.metadata.cluster" -}}
name: {{ .name }}
{{ include "isoline.metadata.rest" . }}
{{- end -}}

{{- define "isoline.metadata.rest" -}}
labels:
  {{- include "isoline.labels" . | nindent 2 }}
{{- with merge (dict) (default dict .annotations) .context.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* An image: (dict "context" $ "image" MAP "tag" DEFAULT). */}}
{{- define "isoline.image" -}}
{{- $registry := default .image.registry .context.Values.global.imageRegistry -}}
{{- $name := .image.repository -}}
{{- if $registry -}}{{- $name = printf "%s/%s" $registry .image.repository -}}{{- end -}}
{{- if .image.digest -}}
{{- printf "%s@%s" $name .image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .tag .image.tag) -}}
{{- end -}}
{{- end -}}

{{/* Where Envoys find the control plane. */}}
{{- define "isoline.xds.address" -}}
{{- $domain := default "cluster.local" .Values.config.clusterDomain -}}
{{- default (printf "%s.%s.svc.%s:%d" (include "isoline.xds.name" .) .Release.Namespace $domain (int .Values.controlPlane.service.port)) .Values.controlPlane.xdsAddress -}}
{{- end -}}
