import { describeTrajectoryStore } from "@litmus/testing";
import { openMemoryStore } from "./open-memory-store.ts";

describeTrajectoryStore("PGlite in memory", openMemoryStore);
