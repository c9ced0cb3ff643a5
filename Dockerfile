# Two stages: the first has what builds TipBot, the second only what runs it.
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
WORKDIR /build

# Dependencies first: this layer is built again only when the pinned versions change.
COPY requirements/ requirements/
RUN python -m venv /opt/tipbot \
 && /opt/tipbot/bin/pip install --require-hashes -r requirements/run.txt

# The build backend and what it needs, cut out of the pinned development list with their hashes. Should hatchling
# come to need something else, pip stops here and names it.
RUN awk '/^[a-z]/ { keep = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/ } keep' \
      requirements/dev.txt > build.txt \
 && python -m venv /build/backend \
 && /build/backend/bin/pip install --require-hashes -r build.txt

COPY pyproject.toml README.md ./
COPY alembic/ alembic/
COPY content/ content/
COPY tipbot/ tipbot/
RUN /build/backend/bin/pip wheel --no-build-isolation --no-deps --wheel-dir /build/wheels . \
 && /opt/tipbot/bin/pip install --no-index --no-deps /build/wheels/tipbot-*.whl


FROM python:3.13-slim
COPY --from=build /opt/tipbot /opt/tipbot
# Time zones come from the pinned package tzdata, not from what the base image happens to hold.
ENV PATH="/opt/tipbot/bin:$PATH" PYTHONTZPATH=""

# A fixed number, so that a folder of the host can be made writable for it: chown 10001 folder
RUN useradd --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin tipbot \
 && install --directory --owner tipbot --group tipbot --mode 0750 /data
USER tipbot

# The default database, sqlite:///tipbot.db, lies here.
WORKDIR /data
VOLUME /data

# Docker knows only 0 and 1; the doctor answers 2 to a wrong setting. It also asks Telegram, hence not too often;
# the clinic's blog is left alone, because no restart would help it.
HEALTHCHECK --interval=5m --timeout=60s --start-period=60s --retries=3 \
  CMD tipbot doctor --no-feed > /dev/null 2>&1 || exit 1

ENTRYPOINT ["tipbot"]
CMD ["run"]
