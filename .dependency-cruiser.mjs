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
  "eventsource-parser/": "api",
};
/** What draws the page; nothing else may come to need a browser. */
const pageVendors = ["react/", "react-dom/", "@base-ui/", "@tanstack/", "uplot/", "eventsource/"];
const tests = "[.]test[.]tsx?$|/testing/|/e2e/|^datasets/";

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

const pageRules = [
  {
    name: "dashboard-is-last",
    severity: "error",
    comment: "the page is built and served as files: nothing imports its sources",
    from: { pathNot: "^apps/dashboard/" },
    to: { path: "^apps/dashboard/" },
  },
  {
    name: "arrow-dashboard",
    severity: "error",
    comment: "the page knows the contract alone: whatever serves it can be replaced",
    from: { path: "^apps/dashboard/", pathNot: tests },
    to: { path: "^(packages|apps)/", pathNot: "^(apps/dashboard|packages/(api|core))/" },
  },
  {
    name: "dashboard-takes-types-of-core",
    severity: "error",
    comment: "core runs on Node: the page takes its types, and what runs from @litmus/api",
    from: { path: "^apps/dashboard/", pathNot: tests },
    to: { path: "^packages/core/", dependencyTypesNot: ["type-only"] },
  },
  ...pageVendors.map((vendor) => ({
    name: `vendor-${vendor}`,
    severity: "error",
    comment: `one vendor, one package: ${vendor} draws the page, in apps/dashboard`,
    from: { path: "^(packages|apps)/", pathNot: "^apps/dashboard/" },
    to: { path: `node_modules/${vendor}` },
  })),
];

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
      comment: "nothing imports an app but the command line, and the tests of the page in a browser",
      from: { pathNot: "^apps/(cli|dashboard/e2e)/" },
      to: { path: "^apps/", pathNot: "^apps/(server|dashboard)/" },
    },
    ...arrowRules,
    ...doorRules,
    ...vendorRules,
    ...pageRules,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^apps/dashboard/dist(-report)?/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] },
  },
};
