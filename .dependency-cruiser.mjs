/** @file The arrows of docs/architecture.md as rules; each says why it exists. */
const arrows = {
  core: [],
  reward: ["core"],
  algorithms: ["core"],
  corpus: ["core"],
  retrieval: ["core"],
  models: ["core"],
  policy: ["core", "models"],
  trainer: ["core", "models", "algorithms"],
  tinker: ["core", "algorithms"],
  store: ["core"],
  queue: ["core"],
  agent: ["core"],
  evaluation: ["core", "algorithms", "reward", "agent"],
  experiment: ["core", "algorithms", "reward", "agent", "evaluation"],
  api: ["core"],
};
const reasons = {
  core: "core is the specification: it must be readable without any other package",
  reward: "one pure verifier serves training, evaluation and baselines",
  algorithms: "losses and statistics are pure, so that every trainer can use them",
  agent: "the agent takes its policy and retriever as arguments, so that it runs on every implementation",
  api: "the page reads the contract: it must pull in nothing that runs on a server",
  evaluation: "a use-case never knows which implementation it runs on",
  experiment: "a use-case never knows which implementation it runs on",
};
const vendors = {
  "node-llama-cpp": "policy",
  "@jax-js/jax": "trainer",
  "onnxruntime-node": "trainer",
  "drizzle-orm": "store",
  "@electric-sql/pglite": "store",
  "pg/": "store",
  "@langchain/": "agent",
  "@elastic/": "retrieval",
  bullmq: "queue",
  ioredis: "queue",
  hyparquet: "corpus",
};
const tests = "[.]test[.]ts$|/testing/|^datasets/";

const arrowRules = Object.entries(arrows).map(([name, allowed]) => ({
  name: `arrow-${name}`,
  severity: "error",
  comment: reasons[name] ?? "port implementations never import each other: only apps wire them",
  from: { path: `^packages/${name}/`, pathNot: tests },
  to: { path: "^(packages|apps)/", pathNot: `^packages/(${[name, ...allowed].join("|")})/` },
}));

const doorRules = Object.keys(arrows).map((name) => ({
  name: `door-${name}`,
  severity: "error",
  comment:
    "only index.ts is a package's door, and testing/index.ts the one for tests; the rest may change without notice",
  from: { pathNot: `^packages/${name}/` },
  to: { path: `^packages/${name}/src/`, pathNot: `^packages/${name}/src/(index|testing/index)[.]ts$` },
}));

const vendorRules = Object.entries(vendors).map(([vendor, home]) => ({
  name: `vendor-${vendor}`,
  severity: "error",
  comment: `one vendor, one package: ${vendor} lives in ${home}, so that it can be replaced there`,
  from: { path: "^(packages|apps)/", pathNot: `^packages/${home}/` },
  to: { path: `node_modules/${vendor}` },
}));

export default {
  forbidden: [
    {
      name: "no-cycle",
      severity: "error",
      comment: "a cycle has no direction to read it in",
      from: {},
      to: { circular: true },
    },
    {
      name: "testing-is-for-tests",
      severity: "error",
      comment: "fakes must not reach users",
      from: { pathNot: tests },
      to: { path: "^packages/testing/" },
    },
    {
      name: "fake-server-is-for-tests",
      severity: "error",
      comment: "@litmus/tinker/testing is a second door, for tests alone",
      from: { pathNot: tests },
      to: { path: "^packages/tinker/src/testing/" },
    },
    {
      name: "apps-are-last",
      severity: "error",
      comment: "nothing imports an app but the command line",
      from: { pathNot: "^apps/cli/" },
      to: { path: "^apps/", pathNot: "^apps/server/" },
    },
    ...arrowRules,
    ...doorRules,
    ...vendorRules,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] },
  },
};
