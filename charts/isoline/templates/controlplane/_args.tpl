{{/* The command line of the control plane. */}}
{{- define "isoline.controlPlane.args" -}}
{{- $values := .Values.controlPlane -}}
- serve
- --config=/etc/isoline/config/isoline.yaml
- --class={{ .Values.ingressClass.name }}
- --controller-name={{ .Values.ingressClass.controllerValue }}
{{- if .Values.watchIngressWithoutClass }}
- --ingress-without-class
{{- end }}
{{- range .Values.watchNamespaces }}
- --watch-namespace={{ . }}
{{- end }}
{{- with .Values.watchNamespaceSelector }}
- --watch-namespace-selector={{ . }}
{{- end }}
- --secrets={{ .Values.secretAccess }}
{{- if .Values.publishStatusAddress }}
{{- range .Values.publishStatusAddress }}
- --publish-status-address={{ . }}
{{- end }}
{{- else if and .Values.publishService.enabled (include "isoline.publishService" .) }}
- --publish-service={{ include "isoline.publishService" . }}
{{- end }}
{{- if $values.leaderElection.enabled }}
- --lease=$(POD_NAMESPACE)/{{ include "isoline.lease.name" . }}
- --identity=$(POD_NAME)
{{- else }}
- --no-leader-election
{{- end }}
- --listen={{ .Values.listenAddress }}:{{ $values.containerPorts.xds }}
{{- if eq .Values.certificates.source "none" }}
- --insecure
{{- else }}
- --xds-certificate=/etc/isoline/xds/tls.crt
- --xds-key=/etc/isoline/xds/tls.key
- --xds-ca=/etc/isoline/xds/ca.crt
{{- end }}
- --admin={{ .Values.listenAddress }}:{{ $values.containerPorts.admin }}
- --default-certificate=/etc/isoline/default-certificate/tls.crt
- --default-key=/etc/isoline/default-certificate/tls.key
- --log-level={{ $values.logLevel }}
{{- range $values.extraArgs }}
- {{ quote . }}
{{- end }}
{{- end -}}

{{/* NAMESPACE/NAME of the Service whose address Ingresses get; nothing when there is none. */}}
{{- define "isoline.publishService" -}}
{{- if .Values.publishService.pathOverride -}}
{{- .Values.publishService.pathOverride -}}
{{- else if and .Values.envoy.enabled .Values.envoy.service.enabled -}}
{{- printf "%s/%s" .Release.Namespace (include "isoline.envoy.name" .) -}}
{{- end -}}
{{- end -}}
