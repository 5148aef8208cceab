{{/* The spec of a Job that makes the certificates, and renews those that end soon. */}}
{{- define "isoline.certificates.job" -}}
{{- $values := .Values.controlPlane -}}
{{- $component := dict "context" . "component" "certificates" -}}
# Pods wait for the Secrets meanwhile: trying longer costs nothing.
backoffLimit: 10
template:
  metadata:
    labels:
      {{- include "isoline.podLabels" $component | nindent 6 }}
    {{- with .Values.commonAnnotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    restartPolicy: OnFailure
    serviceAccountName: {{ include "isoline.certificates.serviceAccount" . }}
    {{- with include "isoline.pullSecrets" . | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with $values.podSecurityContext }}
    securityContext:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with include "isoline.placement" (dict "values" (omit $values "topologySpreadConstraints" "affinity") "spread" false) | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    containers:
      - {{ include "isoline.container" (dict "context" . "name" "certificates") | nindent 8 | trim }}
        args:
          - certs
          - --apply
          - --namespace=$(POD_NAMESPACE)
          {{- $made := include "isoline.certificates.made" . }}
          {{- if ne $made "both" }}
          - --only={{ $made }}
          {{- end }}
        env:
          - name: POD_NAMESPACE
            valueFrom:
              fieldRef:
                fieldPath: metadata.namespace
        {{- with .Values.certificates.resources }}
        resources:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        {{- with $values.containerSecurityContext }}
        securityContext:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        volumeMounts:
          - name: tmp
            mountPath: /tmp
    volumes:
      - name: tmp
        emptyDir: {}
{{- end -}}
