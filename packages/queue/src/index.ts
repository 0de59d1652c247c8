export * from "./in-process/create-in-process-queue.ts";
export * from "./bullmq/open-bullmq-queue.ts";
