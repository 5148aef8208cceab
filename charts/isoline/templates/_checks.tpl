{{/*
What values.schema.json cannot say: values that do not fit each other. Each message names the
values and what to do.
*/}}
{{- define "isoline.checks" -}}
{{- $envoy := .Values.envoy -}}
{{- $daemonSet := eq (lower $envoy.kind) "daemonset" -}}
{{- if and (eq .Values.secretAccess "namespace") (not .Values.watchNamespaces) (not .Values.watchNamespaceSelector) -}}
{{- fail "\n\nsecretAccess=namespace needs watchNamespaces or watchNamespaceSelector: for the Secrets of all namespaces it is secretAccess=cluster." -}}
{{- end -}}
{{- if and $envoy.autoscaling.enabled $daemonSet -}}
{{- fail "\n\nenvoy.autoscaling.enabled needs envoy.kind=Deployment: a DaemonSet has one Envoy on each node." -}}
{{- end -}}
{{- if gt (int $envoy.autoscaling.minReplicas) (int $envoy.autoscaling.maxReplicas) -}}
{{- fail "\n\nenvoy.autoscaling.minReplicas is greater than envoy.autoscaling.maxReplicas." -}}
{{- end -}}
{{- if and $envoy.hostNetwork $envoy.hostPort.enabled -}}
{{- fail "\n\nenvoy.hostNetwork and envoy.hostPort.enabled are both set: with hostNetwork, Envoy listens on envoy.containerPorts of its node by itself. Leave one out." -}}
{{- end -}}
{{- $ports := dict -}}
{{- range $name, $port := $envoy.containerPorts -}}
{{- with get $ports (toString $port) -}}
{{- fail (printf "\n\nenvoy.containerPorts.%s and envoy.containerPorts.%s are both %d: they must differ." . $name (int $port)) -}}
{{- end -}}
{{- $_ := set $ports (toString $port) $name -}}
{{- end -}}
{{- $passed := dict -}}
{{- range $each := include "isoline.envoy.ports" . | fromYamlArray -}}
{{- if or (lt (int .port) 1) (gt (int .port) 65535) -}}
{{- fail (printf "\n\nconfig.ports has port %d: a port is from 1 to 65535." (int .port)) -}}
{{- end -}}
{{- if hasKey $passed .name -}}
{{- fail (printf "\n\nconfig.ports has port %d for %s twice." (int .port) .protocol) -}}
{{- end -}}
{{- $_ := set $passed .name true -}}
{{- if eq .protocol "TCP" -}}
{{- with get $ports (toString (int .port)) -}}
{{- fail (printf "\n\nconfig.ports.tcp and envoy.containerPorts.%s are one port: give envoy.containerPorts.%s another number; clients connect to envoy.service.ports." . .) -}}
{{- end -}}
{{- range $scheme := list "http" "https" -}}
{{- if and $envoy.service.enabled (eq (int $each.port) (int (index $envoy.service.ports $scheme))) -}}
{{- fail (printf "\n\nconfig.ports.tcp has port %d, which is envoy.service.ports.%s." (int $each.port) $scheme) -}}
{{- end -}}
{{- if and $envoy.hostPort.enabled (eq (int $each.port) (int (index $envoy.hostPort.ports $scheme))) -}}
{{- fail (printf "\n\nconfig.ports.tcp has port %d, which is envoy.hostPort.ports.%s." (int $each.port) $scheme) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $scheme := list "http" "https" -}}
{{- $port := dig $scheme "port" "" $.Values.config -}}
{{- if and (ne (toString $port) "") (ne (toString $port) (toString (index $envoy.containerPorts $scheme))) -}}
{{- fail (printf "\n\nconfig.%s.port is %v, and envoy.containerPorts.%s is %v: set the latter only." $scheme $port $scheme (index $envoy.containerPorts $scheme)) -}}
{{- end -}}
{{- end -}}
{{- if $envoy.drain.enabled -}}
{{- if gt (int $envoy.drain.delay) (int $envoy.drain.timeout) -}}
{{- fail "\n\nenvoy.drain.delay is greater than envoy.drain.timeout, which includes it." -}}
{{- end -}}
{{- if le (int $envoy.terminationGracePeriodSeconds) (int $envoy.drain.timeout) -}}
{{- fail (printf "\n\nenvoy.terminationGracePeriodSeconds is %d: it must be more than envoy.drain.timeout, %d, or Envoy is stopped while it drains." (int $envoy.terminationGracePeriodSeconds) (int $envoy.drain.timeout)) -}}
{{- end -}}
{{- end -}}
{{- if eq .Values.certificates.source "existing" -}}
{{- if and .Values.controlPlane.enabled (not .Values.certificates.existing.serverSecret) -}}
{{- fail "\n\ncertificates.source=existing needs certificates.existing.serverSecret: a Secret with tls.crt, tls.key and ca.crt for the name isoline." -}}
{{- end -}}
{{- if and $envoy.enabled (not .Values.certificates.existing.clientSecret) -}}
{{- fail "\n\ncertificates.source=existing needs certificates.existing.clientSecret: a Secret with tls.crt, tls.key and ca.crt for the name isoline-envoy." -}}
{{- end -}}
{{- end -}}
{{- if and (not .Values.controlPlane.enabled) $envoy.enabled (not .Values.controlPlane.xdsAddress) -}}
{{- fail "\n\ncontrolPlane.enabled=false needs controlPlane.xdsAddress: HOST:PORT of the control plane that runs elsewhere." -}}
{{- end -}}
{{- if and .Values.controlPlane.enabled (not .Values.controlPlane.leaderElection.enabled) (gt (int .Values.controlPlane.replicaCount) 1) -}}
{{- fail "\n\ncontrolPlane.leaderElection.enabled=false needs controlPlane.replicaCount=1: else all of them write the status of all Ingresses." -}}
{{- end -}}
{{- range $name, $component := dict "controlPlane" .Values.controlPlane "envoy" $envoy -}}
{{- if and (ne (toString $component.pdb.minAvailable) "") (ne (toString $component.pdb.maxUnavailable) "") -}}
{{- fail (printf "\n\n%s.pdb.minAvailable and %s.pdb.maxUnavailable are both set: a PodDisruptionBudget has one of them." $name $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
