{{/* Whether a web configuration file is mounted. */}}
{{- define "agent-exporter.isLocked" -}}
{{- if or .Values.web.config.existingSecret .Values.web.config.content .Values.web.tls.existingSecret }}true{{ end }}
{{- end }}

{{/* http or https: what the exporter's port speaks. */}}
{{- define "agent-exporter.scheme" -}}
{{- $written := .Values.web.config.content.tls_server_config }}
{{- .Values.web.scheme | default (ternary "https" "http" (or .Values.web.tls.existingSecret $written | not | not)) }}
{{- end }}

{{- define "agent-exporter.webSecretName" -}}
{{- .Values.web.config.existingSecret | default (printf "%s-web" (include "agent-exporter.fullname" .)) }}
{{- end }}

{{/* The file that the chart writes: what the values say, and the certificate that is mounted beside it. */}}
{{- define "agent-exporter.webConfig" -}}
{{- $content := deepCopy .Values.web.config.content }}
{{- if .Values.web.tls.existingSecret }}
{{- $certificate := dict "tls_server_config" (dict "cert_file" "tls.crt" "key_file" "tls.key") }}
{{- $content = mergeOverwrite $certificate $content }}
{{- end }}
{{- toYaml $content }}
{{- end }}

{{/* A probe of (list root path). Who has no certificate to show, as the kubelet, can only knock. */}}
{{- define "agent-exporter.probe" -}}
{{- $root := first . }}
{{- if eq $root.Values.web.probes "tcpSocket" -}}
tcpSocket: {port: metrics}
{{- else if eq (include "agent-exporter.scheme" $root) "https" -}}
httpGet: {path: {{ last . }}, port: metrics, scheme: HTTPS}
{{- else -}}
httpGet: {path: {{ last . }}, port: metrics}
{{- end }}
{{- end }}

{{- define "agent-exporter.lockEnvironment" -}}
{{- $agent := .Values.agent }}
{{- if include "agent-exporter.isLocked" . }}
- name: WEB_CONFIG_FILE
  value: /etc/agent-exporter/web/web-config.yml
{{- end }}
{{- if .Values.web.enableLifecycle }}
- name: WEB_ENABLE_LIFECYCLE
  value: "true"
{{- end }}
{{- with $agent.tls }}
{{- if .existingSecret }}
- name: AGENT_TLS_CA_FILE
  value: /etc/agent-exporter/agent-tls/{{ .caKey }}
{{- if .clientCertificate }}
- name: AGENT_TLS_CERT_FILE
  value: /etc/agent-exporter/agent-tls/tls.crt
- name: AGENT_TLS_KEY_FILE
  value: /etc/agent-exporter/agent-tls/tls.key
{{- end }}
{{- end }}
{{- with .serverName }}
- name: AGENT_TLS_SERVER_NAME
  value: {{ . | quote }}
{{- end }}
{{- if .insecureSkipVerify }}
- name: AGENT_TLS_INSECURE_SKIP_VERIFY
  value: "true"
{{- end }}
{{- end }}
{{- with $agent.basicAuth }}
{{- if .existingSecret }}
- name: AGENT_BASIC_AUTH_USER
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .usernameKey }}
- name: AGENT_BASIC_AUTH_PASSWORD_FILE
  value: /etc/agent-exporter/agent-credentials/{{ .passwordKey }}
{{- end }}
{{- end }}
{{- with $agent.bearerToken }}
{{- if .existingSecret }}
- name: AGENT_BEARER_TOKEN_FILE
  value: /etc/agent-exporter/agent-credentials/{{ .key }}
{{- end }}
{{- end }}
{{- end }}

{{- define "agent-exporter.credentialsSecretName" -}}
{{- .Values.agent.basicAuth.existingSecret | default .Values.agent.bearerToken.existingSecret }}
{{- end }}

{{/* Whole folders: a file that is mounted by subPath is never renewed. */}}
{{- define "agent-exporter.lockMounts" -}}
{{- if include "agent-exporter.isLocked" . }}
- {name: web, mountPath: /etc/agent-exporter/web, readOnly: true}
{{- end }}
{{- if .Values.agent.tls.existingSecret }}
- {name: agent-tls, mountPath: /etc/agent-exporter/agent-tls, readOnly: true}
{{- end }}
{{- if include "agent-exporter.credentialsSecretName" . }}
- {name: agent-credentials, mountPath: /etc/agent-exporter/agent-credentials, readOnly: true}
{{- end }}
{{- end }}

{{- define "agent-exporter.lockVolumes" -}}
{{- if include "agent-exporter.isLocked" . }}
- name: web
  projected:
    sources:
      - secret:
          name: {{ include "agent-exporter.webSecretName" . }}
      {{- with .Values.web.tls.existingSecret }}
      - secret:
          name: {{ . }}
      {{- end }}
{{- end }}
{{- with .Values.agent.tls.existingSecret }}
- name: agent-tls
  secret:
    secretName: {{ . }}
{{- end }}
{{- with include "agent-exporter.credentialsSecretName" . }}
- name: agent-credentials
  secret:
    secretName: {{ . }}
{{- end }}
{{- end }}

{{/* What would be a pod that never becomes ready, or a target that is never up. */}}
{{- define "agent-exporter.checkLocks" -}}
{{- $content := .Values.web.config.content }}
{{- if and .Values.web.config.existingSecret $content }}
{{- fail "web.config.existingSecret and web.config.content: the file is in one of them" }}
{{- end }}
{{- if and (eq .Values.web.scheme "http") (or .Values.web.tls.existingSecret $content.tls_server_config) }}
{{- fail "web.scheme is http, but there is a certificate: leave it empty" }}
{{- end }}
{{- if and (eq .Values.web.probes "httpGet") (or $content.basic_auth_users $content.bearer_tokens) (not $content.health_without_auth) }}
{{- fail "web.config.content: the kubelet brings no credentials; set health_without_auth: true, or web.probes: tcpSocket" }}
{{- end }}
{{- $clients := default "" (default dict $content.tls_server_config).client_auth_type }}
{{- if and (eq .Values.web.probes "httpGet") (hasPrefix "Require" $clients) }}
{{- fail (printf "web.config.content: client_auth_type is %s and the kubelet has no certificate; set web.probes: tcpSocket" $clients) }}
{{- end }}
{{- if and (eq (include "agent-exporter.scheme" .) "https") (ne .Values.scraping.by "annotations") (not .Values.scraping.tlsConfig) }}
{{- fail "scraping.tlsConfig: Prometheus reaches pods by their addresses; say whom it believes (ca) and serverName" }}
{{- end }}
{{- if and .Values.scraping.authorization .Values.scraping.basicAuth }}
{{- fail "scraping.authorization and scraping.basicAuth: a scrape has one of them" }}
{{- end }}
{{- if and .Values.agent.basicAuth.existingSecret .Values.agent.bearerToken.existingSecret }}
{{- fail "agent.basicAuth and agent.bearerToken: a poll has one of them" }}
{{- end }}
{{- if and .Values.agent.tls.clientCertificate (not .Values.agent.tls.existingSecret) }}
{{- fail "agent.tls.clientCertificate: name the Secret that has it, agent.tls.existingSecret" }}
{{- end }}
{{- $probe := default dict (default dict .Values.dpcAgent.dpcAgent.startupProbe).httpGet }}
{{- if and (include "agent-exporter.credentialsSecretName" .) $probe (not $probe.httpHeaders) }}
{{- fail "dpcAgent.dpcAgent.startupProbe brings no credentials to an agent that wants some; set httpGet: null and tcpSocket: {port: 8080}" }}
{{- end }}
{{- if and $probe (hasPrefix "https://" .Values.dpcAgent.metricsExporter.agentUrl) (ne (default "HTTP" $probe.scheme) "HTTPS") }}
{{- fail "dpcAgent.dpcAgent.startupProbe asks by http, metricsExporter.agentUrl by https; set httpGet.scheme: HTTPS" }}
{{- end }}
{{- end }}
