{{/* The pod of an Envoy: metadata and spec. */}}
{{- define "isoline.envoy.pod" -}}
{{- $values := .Values.envoy -}}
{{- $component := dict "context" . "component" "envoy" -}}
{{- $lowPort := include "isoline.envoy.lowPort" . -}}
{{- $tls := ne .Values.certificates.source "none" -}}
metadata:
  labels:
    {{- include "isoline.podLabels" (merge (dict "labels" $values.podLabels) $component) | nindent 4 }}
  {{- with merge (dict) $values.podAnnotations .Values.commonAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "isoline.envoy.serviceAccount" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with include "isoline.pullSecrets" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- if $values.hostNetwork }}
  hostNetwork: true
  {{- end }}
  dnsPolicy: {{ default (ternary "ClusterFirstWithHostNet" "ClusterFirst" $values.hostNetwork) $values.dnsPolicy }}
  {{- with include "isoline.envoy.podSecurityContext" . }}
  securityContext:
    {{- . | nindent 4 }}
  {{- end }}
  terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
  {{- with include "isoline.placement" (merge (dict "values" $values "spread" (eq (lower $values.kind) "deployment")) $component) | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  initContainers:
    - {{ include "isoline.container" (dict "context" . "name" "bootstrap") | nindent 6 | trim }}
      args:
        {{- include "isoline.envoy.bootstrapArgs" . | nindent 8 }}
      env:
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
      {{- with $values.bootstrap.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.containerSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - name: config
          mountPath: /etc/envoy
        - name: tmp
          mountPath: /tmp
    {{- with $values.extraInitContainers }}
    {{- tpl (toYaml .) $ | nindent 4 }}
    {{- end }}
  containers:
    - name: envoy
      image: {{ include "isoline.image" (dict "context" . "image" $values.image) }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      args:
        - --config-path
        - /etc/envoy/envoy.yaml
        - --log-level
        - {{ $values.logLevel }}
        # It keeps each old version of a listener for so long: with thousands of certificates, megabytes.
        - --drain-time-s
        - "60"
        # One Envoy never takes over from another in a pod, and the shared memory for that would be
        # that of the node with hostNetwork.
        - --disable-hot-restart
        {{- if $values.concurrency }}
        - --concurrency
        - {{ quote $values.concurrency }}
        {{- end }}
        {{- range $values.extraArgs }}
        - {{ quote . }}
        {{- end }}
      {{- with $values.extraEnvVars }}
      env:
        {{- tpl (toYaml .) $ | nindent 8 }}
      {{- end }}
      ports:
        {{- range $port := list "http" "https" }}
        - name: {{ $port }}
          containerPort: {{ index $values.containerPorts $port }}
          {{- if $values.hostPort.enabled }}
          hostPort: {{ index $values.hostPort.ports $port }}
          {{- end }}
        {{- end }}
        {{- range include "isoline.envoy.ports" . | fromYamlArray }}
        - name: {{ .name }}
          containerPort: {{ .port }}
          protocol: {{ .protocol }}
          {{- if $values.hostPort.enabled }}
          hostPort: {{ .port }}
          {{- end }}
        {{- end }}
        - name: metrics
          containerPort: {{ $values.containerPorts.metrics }}
      {{- if $values.drain.enabled }}
      lifecycle:
        preStop:
          # Answered when Envoy is drained; then only it gets the signal to end.
          httpGet:
            path: /drained
            port: {{ $values.containerPorts.drain }}
      {{- end }}
      {{- with $values.startupProbe }}
      startupProbe:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.livenessProbe }}
      livenessProbe:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.readinessProbe }}
      readinessProbe:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with include "isoline.envoy.containerSecurityContext" . }}
      securityContext:
        {{- . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - name: config
          mountPath: /etc/envoy
          readOnly: true
        {{- if $tls }}
        - name: xds-certificate
          mountPath: /etc/isoline/xds
          readOnly: true
        {{- end }}
        - name: admin
          mountPath: /run/isoline
        - name: tmp
          mountPath: /tmp
        {{- with $values.extraVolumeMounts }}
        {{- tpl (toYaml .) $ | nindent 8 }}
        {{- end }}
    {{- if $values.drain.enabled }}
    # Drains Envoy when the pod ends, and says who may pass. Without a liveness probe, as a restart of
    # it alone would drain, too.
    - {{ include "isoline.container" (dict "context" . "name" "drain") | nindent 6 | trim }}
      args:
        - drain
        - --serve={{ .Values.listenAddress }}:{{ $values.containerPorts.drain }}
        - --delay={{ $values.drain.delay }}
        - --timeout={{ $values.drain.timeout }}
      env:
        - name: JDK_JAVA_OPTIONS
          value: {{ quote $values.drain.javaOpts }}
      ports:
        - name: drain
          containerPort: {{ $values.containerPorts.drain }}
      {{- with $values.drain.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.containerSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - name: admin
          mountPath: /run/isoline
        - name: tmp
          mountPath: /tmp
    {{- end }}
    {{- with $values.extraContainers }}
    {{- tpl (toYaml .) $ | nindent 4 }}
    {{- end }}
  volumes:
    - name: config
      emptyDir: {}
    {{- if $tls }}
    - name: xds-certificate
      secret:
        secretName: {{ include "isoline.clientSecret" . }}
        defaultMode: 0440
    {{- end }}
    - name: admin
      emptyDir: {}
    - name: tmp
      emptyDir: {}
    {{- with $values.extraVolumes }}
    {{- tpl (toYaml .) $ | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* The bytes of a quantity of memory, 0 for none: "2Gi", "500M", 1000000. */}}
{{- define "isoline.bytes" -}}
{{- $units := dict "" 1 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 -}}
{{- $units = merge $units (dict "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776) -}}
{{- if not (kindIs "string" .) -}}
{{- int64 . -}}
{{- else if not (regexMatch "^[0-9]+([.][0-9]+)?([kMGT]|[KMGT]i)?$" .) -}}
{{- fail (printf "envoy.resources.limits.memory: %q is no quantity such as 2Gi" .) -}}
{{- else -}}
{{- mulf (float64 (regexFind "^[0-9.]+" .)) (float64 (get $units (regexFind "[a-zA-Z]*$" .))) | int64 -}}
{{- end -}}
{{- end -}}

{{/* The command line of the init container. */}}
{{- define "isoline.envoy.bootstrapArgs" -}}
{{- $values := .Values.envoy -}}
- bootstrap
- --out=/etc/envoy/envoy.yaml
- --xds={{ include "isoline.xds.address" . }}
- --admin=unix:/run/isoline/admin.sock
- --stats={{ .Values.listenAddress }}:{{ $values.containerPorts.metrics }}
- --node-id=$(POD_NAME)
- --node-cluster={{ include "isoline.fullname" . }}
- --max-connections={{ int64 $values.maxConnections }}
{{- if $values.overloadManager.maxHeapBytes }}
- --max-heap-bytes={{ int64 $values.overloadManager.maxHeapBytes }}
{{- else }}
- --memory-limit-bytes={{ include "isoline.bytes" (dig "limits" "memory" 0 $values.resources) }}
{{- end }}
{{- if ne .Values.certificates.source "none" }}
- --xds-certificate=/etc/isoline/xds/tls.crt
- --xds-key=/etc/isoline/xds/tls.key
- --xds-ca=/etc/isoline/xds/ca.crt
{{- end }}
{{- range $values.bootstrap.extraArgs }}
- {{ quote . }}
{{- end }}
{{- end -}}

{{/*
A port below 1024 in a pod's own network: the kernel is told to let everybody have it, which is a
safe sysctl. In the network of the node it cannot be told.
*/}}
{{- define "isoline.envoy.podSecurityContext" -}}
{{- $context := deepCopy (default dict .Values.envoy.podSecurityContext) -}}
{{- if include "isoline.envoy.lowPort" . -}}
{{- if .Values.envoy.hostNetwork -}}
{{- $_ := unset (unset (unset $context "runAsNonRoot") "runAsUser") "runAsGroup" -}}
{{- else -}}
{{- $_ := set $context "sysctls" (append (default list $context.sysctls) (dict "name" "net.ipv4.ip_unprivileged_port_start" "value" "0")) -}}
{{- end -}}
{{- end -}}
{{- with $context -}}{{- toYaml . -}}{{- end -}}
{{- end -}}

{{/*
A user that is not root has a capability only where the program's file grants it, and that of Envoy
does not: in the network of the node, a port below 1024 needs root, with that capability alone.
*/}}
{{- define "isoline.envoy.containerSecurityContext" -}}
{{- $context := deepCopy (default dict .Values.envoy.containerSecurityContext) -}}
{{- if include "isoline.envoy.lowPort" . -}}
{{- $capabilities := default dict $context.capabilities -}}
{{- $_ := set $capabilities "add" (append (default list $capabilities.add) "NET_BIND_SERVICE" | uniq) -}}
{{- $_ := set $context "capabilities" $capabilities -}}
{{- if .Values.envoy.hostNetwork -}}
{{- $_ := set $context "runAsUser" 0 -}}
{{- $_ := set $context "runAsNonRoot" false -}}
{{- end -}}
{{- end -}}
{{- with $context -}}{{- toYaml . -}}{{- end -}}
{{- end -}}
