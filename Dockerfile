# The litmus command: workers, the trainer, the page and POST /retrieve. docs/deployment.md says how the services fit together.
FROM node:24.21.0-bookworm-slim

# pip fetches the default model. The compiler makes the sampler's kernels for the processor, once, in half the sampling time;
# with --build-arg KERNEL_TOOLS= those that come ready-made are used.
ARG KERNEL_TOOLS="git cmake make g++"
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates python3 python3-pip ${KERNEL_TOOLS} \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /litmus
# New volumes are given these owners.
RUN mkdir /cache /runs && chown node:node /litmus /cache /runs
USER node

# What the lockfile says, without the tools of development. The release of pnpm is that of bin/install.mjs.
COPY --chown=node:node . .
RUN npm exec --yes --package=pnpm@12.21.0 -- pnpm install --frozen-lockfile --prod \
  && npm cache clean --force

# The page, which litmus serve would build when it starts.
RUN node --disable-warning=ExperimentalWarning apps/cli/src/build-page.ts

ENV LITMUS_CACHE=/cache
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "/litmus/apps/cli/src/main.ts"]
CMD ["--help"]
