# Builds the exporter, the hub or the worker as one static executable, and an image that holds it and nothing else: `make image`, and
# `make image PROGRAM=agent-hub` or `PROGRAM=pipeline-worker`. The last stage is the exporter's, which is what `docker build .` makes.
ARG BASE=swift:6.3-bookworm

# Its tag is in the argument.
# hadolint ignore=DL3006
FROM ${BASE} AS build
# The packages come with the base's release of Debian, which the base pins.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make zlib1g-dev libssl-dev libyaml-dev libcrypt-dev libsqlite3-dev \
        libpq-dev postgresql-server-dev-15 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .

FROM build AS build-exporter
ARG REVISION=unknown
RUN make build PRODUCTS=agent-exporter REVISION="$REVISION" \
    && install -D .build/static/release/agent-exporter /image/agent-exporter \
    && install -d /image/etc \
    && echo 'agent-exporter:x:65532:65532::/:/agent-exporter' > /image/etc/passwd \
    && echo 'agent-exporter:x:65532:' > /image/etc/group

# What it keeps is on a volume, which begins as the folder that belongs to its user.
FROM build AS build-hub
ARG REVISION=unknown
RUN make build PRODUCTS=agent-hub REVISION="$REVISION" \
    && install -D .build/static/release/agent-hub /image/agent-hub \
    && install -d /image/etc \
    && install -d -m 700 -o 65532 -g 65532 /image/data \
    && echo 'agent-hub:x:65532:65532::/data:/agent-hub' > /image/etc/passwd \
    && echo 'agent-hub:x:65532:' > /image/etc/group

FROM build AS build-worker
ARG REVISION=unknown
RUN make build PRODUCTS=pipeline-worker REVISION="$REVISION" \
    && install -D .build/static/release/pipeline-worker /image/pipeline-worker \
    && install -d /image/etc \
    && echo 'pipeline-worker:x:65532:65532::/:/pipeline-worker' > /image/etc/passwd \
    && echo 'pipeline-worker:x:65532:' > /image/etc/group

FROM scratch AS agent-hub
ARG REVISION=unknown
ARG VERSION=unknown
LABEL org.opencontainers.image.title="agent-hub" \
      org.opencontainers.image.description="Takes reports of workers that nobody can scrape, keeps them, and exports what is new for Prometheus" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build-hub /image/ /
ENV STORE=sqlite:/data/agent-hub.db
USER 65532:65532
VOLUME /data
EXPOSE 8082
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=3 CMD ["/agent-hub", "healthcheck"]
ENTRYPOINT ["/agent-hub"]

# The status page on 5266 is for the loopback of the container: STATUS_LISTEN_ADDRESS=:5266 is for all who reach it.
FROM scratch AS pipeline-worker
ARG REVISION=unknown
ARG VERSION=unknown
LABEL org.opencontainers.image.title="pipeline-worker" \
      org.opencontainers.image.description="Takes signed webhooks, processes each as a batch of a pipeline, and exports what it really does" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build-worker /image/ /
USER 65532:65532
EXPOSE 5000 9095 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=3 CMD ["/pipeline-worker", "healthcheck"]
ENTRYPOINT ["/pipeline-worker"]

FROM scratch AS agent-exporter
ARG REVISION=unknown
ARG VERSION=unknown
LABEL org.opencontainers.image.title="agent-exporter" \
      org.opencontainers.image.description="A Prometheus exporter that runs beside an agent and never makes a scrape wait for it" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build-exporter /image/ /
USER 65532:65532
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=3 CMD ["/agent-exporter", "healthcheck"]
ENTRYPOINT ["/agent-exporter"]
