# Builds and runs the server over HTTP: docs/deploy.md.

FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
# Without scripts, because that of this package builds sources that are not there yet.
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY build build
COPY src src
COPY tools tools
RUN npm run build && rm -rf dist/esm
RUN npm prune --omit=dev --ignore-scripts
# The image below has no shell to make a folder with.
RUN mkdir -p /empty

# Node alone: no shell, no package manager. Its user nonroot has the number 65532.
FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules node_modules
COPY --from=build /src/dist dist
COPY LICENSE ./
COPY --from=build --chown=65532:65532 /empty /var/lib/mdca
ENV MDCA_HTTP=0.0.0.0:8080
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=5s \
  CMD ["/nodejs/bin/node", "-e", "fetch('http://127.0.0.1:8080/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/main.js"]
