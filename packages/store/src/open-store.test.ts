import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeTrajectoryStore } from "@litmus/testing";
import { openStore } from "./open-store.ts";

describeTrajectoryStore("PGlite in a folder", () =>
  openStore({ directory: mkdtempSync(join(tmpdir(), "litmus-store-")) }),
);
