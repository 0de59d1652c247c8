export * from "./byte-tokenizer.ts";
export * from "./arbitrary-trajectory.ts";
export * from "./build-trajectory.ts";
export * from "./store-conformance.ts";
export * from "./policy-conformance.ts";
export * from "./fake-retriever.ts";
export * from "./retriever-conformance.ts";
export * from "./trainer-conformance.ts";
