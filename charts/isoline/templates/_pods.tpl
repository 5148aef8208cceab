{{/* imagePullSecrets of a pod. */}}
{{- define "isoline.pullSecrets" -}}
{{- $all := list -}}
{{- range concat (default list .Values.global.imagePullSecrets) .Values.imagePullSecrets -}}
{{- $all = append $all (ternary . (dict "name" .) (kindIs "map" .)) -}}
{{- end -}}
{{- with $all }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Where a pod may run: (dict "context" $ "component" NAME "values" MAP "spread" BOOL). */}}
{{- define "isoline.placement" -}}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- if .values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- tpl (toYaml .values.topologySpreadConstraints) .context | nindent 2 }}
{{- else if .spread }}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "isoline.selector" $ | nindent 8 }}
    matchLabelKeys:
      - pod-template-hash
  {{- end }}
{{- end }}
{{- end -}}

{{/* The start of a container that runs Isoline: (dict "context" $ "name" NAME). */}}
{{- define "isoline.container" -}}
name: {{ .name }}
image: {{ include "isoline.image" (dict "context" .context "image" .context.Values.image "tag" .context.Chart.AppVersion) }}
imagePullPolicy: {{ .context.Values.image.pullPolicy }}
{{- end -}}

{{/* A PodDisruptionBudget: (dict "context" $ "component" NAME "name" NAME "pdb" MAP). */}}
{{- define "isoline.pdb" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "isoline.metadata" . | nindent 2 }}
spec:
  {{- if ne (toString .pdb.minAvailable) "" }}
  minAvailable: {{ .pdb.minAvailable }}
  {{- else }}
  maxUnavailable: {{ ternary 1 .pdb.maxUnavailable (eq (toString .pdb.maxUnavailable) "") }}
  {{- end }}
  # A pod that is not ready serves nobody, and must not keep a node from being emptied.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "isoline.selector" . | nindent 6 }}
{{- end -}}

{{/*
The ports that are passed on to Services, as YAML: a list of {name, port, protocol}. They are read from
the lines of the configuration file, so that nobody has to give them twice.
*/}}
{{- define "isoline.envoy.ports" -}}
{{- $ports := list -}}
{{- range $transport := list "tcp" "udp" -}}
{{- range $line := dig "ports" $transport (list) $.Values.config -}}
{{- $port := regexFind "^[0-9]+" $line | atoi -}}
{{- $ports = append $ports (dict "name" (printf "%s-%d" $transport $port) "port" $port "protocol" (upper $transport)) -}}
{{- end -}}
{{- end -}}
{{- toYaml $ports -}}
{{- end -}}

{{/* Whether a port of Envoy is below 1024: "true" or nothing. */}}
{{- define "isoline.envoy.lowPort" -}}
{{- $low := or (lt (int .Values.envoy.containerPorts.http) 1024) (lt (int .Values.envoy.containerPorts.https) 1024) -}}
{{- range include "isoline.envoy.ports" . | fromYamlArray -}}
{{- $low = or $low (lt (int .port) 1024) -}}
{{- end -}}
{{- if $low -}}
true
{{- end -}}
{{- end -}}
