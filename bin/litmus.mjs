#!/usr/bin/env node
/** @file The `litmus` command of a clone: installs on first use, then runs the command line under the pinned Node. */
import { join } from "node:path";
import { ensureInstalled, node24, root } from "./install.mjs";
import { forward } from "./forward.mjs";

ensureInstalled();
const flags = ["--disable-warning=ExperimentalWarning"];
forward(node24, [...flags, join(root, "apps", "cli", "src", "main.ts"), ...process.argv.slice(2)], { channel: true });
