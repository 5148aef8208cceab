{{/*
The configuration file: what the user gives, and the ports that the rest of the chart uses, which
backends see as X-Forwarded-Port: those that clients connect to.
*/}}
{{- define "isoline.config" -}}
{{- $envoy := .Values.envoy -}}
{{- $ports := dict -}}
{{- range $scheme := list "http" "https" -}}
{{- $outside := index $envoy.containerPorts $scheme -}}
{{- if $envoy.hostPort.enabled -}}
{{- $outside = index $envoy.hostPort.ports $scheme -}}
{{- else if and $envoy.service.enabled (not $envoy.hostNetwork) -}}
{{- $outside = index $envoy.service.ports $scheme -}}
{{- end -}}
{{- $_ := set $ports $scheme (dict "port" (int (index $envoy.containerPorts $scheme)) "forwardedPort" (int $outside)) -}}
{{- end -}}
{{- $config := mergeOverwrite $ports (deepCopy .Values.config) -}}
{{/* An off without quotes is a boolean for Helm. */}}
{{- range $key, $value := default dict $config.timeouts -}}
{{- if kindIs "bool" $value -}}
{{- $_ := set $config.timeouts $key (ternary "on" "off" $value) -}}
{{- end -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}
