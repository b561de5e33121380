# docker build -t rostrum . && docker run -p 8000:8000 -e ACCESS_TOKEN=… -v rostrum:/data rostrum
FROM python:3.12-slim AS build
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.12-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-deps /wheels/*.whl \
    && useradd --system --uid 10001 --no-create-home rostrum \
    && install --directory --owner=rostrum --mode=0700 /data
# Listening beyond the container, it does not start without ACCESS_TOKEN (or ALLOW_OPEN=1).
ENV HOST=0.0.0.0 \
    PORT=8000 \
    OPEN_BROWSER=0 \
    DATABASE_URL=sqlite:////data/rostrum.db \
    PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health', timeout=3)"]
ENTRYPOINT ["rostrum"]
