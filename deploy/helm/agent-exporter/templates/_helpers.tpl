{{- define "agent-exporter.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Longest name that still leaves a pod room for its hashes. */}}
{{- define "agent-exporter.fullname" -}}
{{- $name := include "agent-exporter.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* What selects the pods. It cannot be changed by an upgrade, so nothing in it depends on a version. */}}
{{- define "agent-exporter.selectorLabels" -}}
app.kubernetes.io/name: {{ include "agent-exporter.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "agent-exporter.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "agent-exporter.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "agent-exporter.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "agent-exporter.fullname" .) "default" .Values.serviceAccount.create) }}
{{- end }}

{{/* An image of (list image tag): a digest wins over every tag. */}}
{{- define "agent-exporter.image" -}}
{{- $image := first . }}
{{- if $image.digest }}
{{- printf "%s@%s" $image.repository $image.digest }}
{{- else }}
{{- printf "%s:%s" $image.repository (last .) }}
{{- end }}
{{- end }}

{{- define "agent-exporter.agentImage" -}}
{{- $agent := .Values.dpcAgent.dpcAgent }}
{{- include "agent-exporter.image" (list $agent.image (.Values.applicationImageTag | default $agent.image.tag)) }}
{{- end }}

{{- define "agent-exporter.exporterImage" -}}
{{- $exporter := .Values.dpcAgent.metricsExporter }}
{{- $tag := .Values.metricsExporterImageTag | default .Values.applicationImageTag | default $exporter.image.tag | default .Chart.AppVersion }}
{{- include "agent-exporter.image" (list $exporter.image $tag) }}
{{- end }}

{{/* The longer of the two drains, and what the exporter takes to stop after its agent. */}}
{{- define "agent-exporter.terminationGracePeriodSeconds" -}}
{{- add (max (int64 .Values.dpcAgent.dpcAgent.gracePeriodSeconds) (int64 .Values.dpcAgent.metricsExporter.gracePeriodSeconds)) 20 }}
{{- end }}

{{- define "agent-exporter.scaled" -}}
{{- if or .Values.hpa.enabled .Values.keda.enabled }}true{{ end }}
{{- end }}

{{/* Of a duration as the schema takes it: 500ms, 15s, 1m. */}}
{{- define "agent-exporter.milliseconds" -}}
{{- mul (regexFind "^[0-9]+" .) (get (dict "ms" 1 "s" 1000 "m" 60000) (regexFind "[a-z]+$" .)) }}
{{- end }}

{{/* What one value alone cannot tell. */}}
{{- define "agent-exporter.check" -}}
{{- include "agent-exporter.checkLocks" . }}
{{- if and .Values.hpa.enabled .Values.keda.enabled }}
{{- fail "hpa.enabled and keda.enabled: KEDA makes an autoscaler of its own, so only one of them" }}
{{- end }}
{{- if and (eq .Values.sidecar "native") (semverCompare "<1.29.0-0" .Capabilities.KubeVersion.Version) }}
{{- fail (printf "sidecar: native needs Kubernetes 1.29, this is %s; set sidecar: container" .Capabilities.KubeVersion.Version) }}
{{- end }}
{{- $image := .Values.dpcAgent.dpcAgent.image }}
{{- if not (or $image.digest $image.tag .Values.applicationImageTag) }}
{{- fail "dpcAgent.dpcAgent.image: set tag or digest" }}
{{- end }}
{{- if gt (int .Values.hpa.minReplicas) (int .Values.hpa.maxReplicas) }}
{{- fail "hpa.minReplicas is above hpa.maxReplicas" }}
{{- end }}
{{- if gt (include "agent-exporter.milliseconds" .Values.scraping.scrapeTimeout | int) (include "agent-exporter.milliseconds" .Values.scraping.interval | int) }}
{{- fail "scraping.scrapeTimeout is above scraping.interval: prometheus-operator would ignore the monitor" }}
{{- end }}
{{- with (.Values.dpcAgent.dpcAgent.startupProbe | default dict).httpGet }}
{{- $asked := printf ":%v%s" .port .path }}
{{- if not (hasSuffix $asked $.Values.dpcAgent.metricsExporter.agentUrl) }}
{{- fail (printf "dpcAgent.dpcAgent.startupProbe asks %s, which is not metricsExporter.agentUrl: it would restart an agent that is well; set it, or null" $asked) }}
{{- end }}
{{- end }}
{{- $target := int .Values.hpa.metrics.target.averageValue }}
{{- $cap := int .Values.dpcAgent.dpcAgent.maxTasks }}
{{- if and (include "agent-exporter.scaled" .) (ge $target $cap) }}
{{- fail (printf "hpa.metrics.target.averageValue is %d, but an agent takes %d tasks at most (dpcAgent.dpcAgent.maxTasks): it would never scale" $target $cap) }}
{{- end }}
{{- end }}

{{- define "agent-exporter.container" -}}
{{- $exporter := .Values.dpcAgent.metricsExporter -}}
name: metrics-exporter
image: {{ include "agent-exporter.exporterImage" . | quote }}
imagePullPolicy: {{ $exporter.imagePullPolicy }}
{{- if eq .Values.sidecar "native" }}
restartPolicy: Always
{{- else }}
{{- /* Gives the agent two seconds more to begin its shutdown, which the exporter looks for. */}}
lifecycle:
  preStop:
    exec:
      command: [/agent-exporter, sleep, 2s]
{{- end }}
{{- with $exporter.args }}
args:
  {{- toYaml . | nindent 2 }}
{{- end }}
env:
  - name: METRICS_ENDPOINT
    value: {{ $exporter.agentUrl | quote }}
  - name: GRACE_PERIOD_SECONDS
    value: {{ $exporter.gracePeriodSeconds | int64 | quote }}
  # An answer that cannot be read would otherwise be 0 tasks, which an autoscaler takes for idle.
  - name: AGENT_FALLBACK
    value: omit
  - name: WEB_MAX_CONNECTIONS
    value: {{ $exporter.maxConnections | int64 | quote }}
  - name: AGENT_MAX_TASKS
    value: {{ .Values.dpcAgent.dpcAgent.maxTasks | int64 | quote }}
{{- with include "agent-exporter.lockEnvironment" . }}
  {{- . | nindent 2 }}
{{- end }}
ports:
  - name: metrics
    containerPort: 8000
{{- with include "agent-exporter.lockMounts" . }}
volumeMounts:
  {{- . | nindent 2 }}
{{- end }}
startupProbe:
  {{- include "agent-exporter.probe" (list . "/healthz") | nindent 2 }}
  periodSeconds: 1
  failureThreshold: 30
livenessProbe:
  {{- include "agent-exporter.probe" (list . "/healthz") | nindent 2 }}
  periodSeconds: 10
  timeoutSeconds: 3
readinessProbe:
  {{- include "agent-exporter.probe" (list . "/readyz") | nindent 2 }}
  periodSeconds: 5
  timeoutSeconds: 3
resources:
  {{- toYaml $exporter.resources | nindent 2 }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  readOnlyRootFilesystem: true
  allowPrivilegeEscalation: false
  capabilities:
    drop: [ALL]
{{- end }}

{{- define "agent-exporter.agentEnvironment" -}}
{{- $env := .Values.dpcAgent.dpcAgent.env }}
{{- range $name, $value := omit $env "direct" "fromSecret" }}
- name: {{ ternary $name ($name | snakecase | upper) (regexMatch "^[A-Z0-9_]+$" $name) }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- range $env.direct }}
- name: {{ .name }}
  value: {{ .value | toString | quote }}
{{- end }}
{{- range $env.fromSecret }}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secretName }}
      key: {{ .secretKey }}
{{- end }}
{{- end }}

{{/* How fast to scale, up and down. */}}
{{- define "agent-exporter.behavior" -}}
scaleUp:
  {{- toYaml .Values.hpa.scaleUp | nindent 2 }}
scaleDown:
  {{- toYaml .Values.hpa.scaleDown | nindent 2 }}
{{- end }}

{{/* One monitor's endpoint. */}}
{{- define "agent-exporter.endpoint" -}}
port: metrics
path: /metrics
interval: {{ .Values.scraping.interval }}
scrapeTimeout: {{ .Values.scraping.scrapeTimeout }}
{{- /* The job by which alerts and dashboards know exporters. */}}
relabelings:
  - targetLabel: job
    replacement: agent-exporter
{{- if eq (include "agent-exporter.scheme" .) "https" }}
scheme: https
{{- end }}
{{- range $key := list "tlsConfig" "authorization" "basicAuth" }}
{{- with get $.Values.scraping $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
