# Wheels of everything in the lock, each checked against its hash. This stage is thrown away.
FROM python:3.11-slim AS wheels
WORKDIR /build
COPY requirements.lock ./
RUN pip wheel --no-cache-dir --no-deps --require-hashes --requirement requirements.lock --wheel-dir /wheels

# The project, and of the wheels only what it needs to run: nothing is fetched any more.
COPY pyproject.toml README.md LICENSE ./
COPY customers customers
COPY index index
COPY sync sync
COPY service service
COPY customer_lookup customer_lookup
COPY migrations migrations
# --upgrade: a new venv has a setuptools already, which may be too old to build this.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-index --find-links /wheels --upgrade setuptools \
    && /venv/bin/pip wheel --no-cache-dir --no-index --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /venv/bin/pip install --no-cache-dir --no-index --find-links /wheels "customer-lookup[postgresql,mysql]" \
    && /venv/bin/pip uninstall --yes --quiet setuptools pip

FROM python:3.11-slim
COPY --from=wheels /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CUSTOMER_LOOKUP_CONFIG=/etc/customer-lookup/lookup.toml
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["customer-lookup"]
CMD ["run"]
