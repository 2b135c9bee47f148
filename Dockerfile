# syntax=docker/dockerfile:1
# The worker; also the simulator and the command line, by another command. Debian because Temporal's native core is
# built for glibc. Both stages need one and the same platform: the native parts are copied.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY tsconfig.json ./
COPY contract contract
COPY resolution resolution
COPY workflows workflows
COPY activities activities
COPY alipay alipay
COPY client client
COPY simulator simulator
COPY worker worker
# The bundle of the workflow code is made here, so that no worker spends its start on it.
RUN node node_modules/typescript/bin/tsc --outDir dist && node dist/worker/build-bundle.js
COPY deploy/prune-native-builds.mjs deploy/
RUN npm prune --omit=dev && node deploy/prune-native-builds.mjs

FROM node:22-bookworm-slim
# Temporal's core reads the system's root certificates, which the slim image lacks.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# The simulator's credentials are made by the user that runs it: a new volume takes over the owner of this folder.
RUN mkdir /run/credentials && chown node:node /run/credentials
USER node
CMD ["node", "--enable-source-maps", "dist/worker/main.js"]
