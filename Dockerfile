# The program in an image, for the watcher and the site alike: see compose.yaml and docs/docker.md.
# A base named by its tag gets its fixes when it is built anew. Who wants the same bytes each time
# puts its digest behind the tag: docker buildx imagetools inspect python:3.13-slim-bookworm
ARG PYTHON=3.13-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/sanctuary
WORKDIR /src
# Of what is locked nothing changes while the code does, so that this layer is made once.
COPY requirements-run.lock ./
RUN /opt/sanctuary/bin/pip install --require-hashes --requirement requirements-run.lock
COPY . ./
RUN /opt/sanctuary/bin/pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /wheel . \
    && /opt/sanctuary/bin/pip install --no-deps --no-index /wheel/*.whl \
    && /opt/sanctuary/bin/pip check

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Sanctuary Tracker" \
      org.opencontainers.image.description="Keeps the record of what governments publish about immigration detainers and sanctuary policies" \
      org.opencontainers.image.licenses="Apache-2.0"
# The number is fixed, so that the rights on a volume hold from one image to the next.
RUN groupadd --gid 10001 sanctuary \
    && useradd --uid 10001 --gid sanctuary --home-dir /srv/sanctuary --no-create-home \
       --shell /usr/sbin/nologin sanctuary \
    && install --directory --owner=sanctuary --group=sanctuary --mode=0750 \
       /srv/sanctuary /srv/sanctuary/data /srv/sanctuary/cache
COPY --from=build /opt/sanctuary /opt/sanctuary
# The list of places and the moment at which each host was asked last are kept in the cache.
ENV PATH=/opt/sanctuary/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/srv/sanctuary \
    XDG_CACHE_HOME=/srv/sanctuary/cache
USER 10001:10001
# sources.yml, metadata.yml and jurisdictions.yml of this folder are used, and ./data.
WORKDIR /srv/sanctuary
VOLUME /srv/sanctuary
EXPOSE 8001
ENTRYPOINT ["sanctuary"]
CMD ["watch"]
