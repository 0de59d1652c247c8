/** @file Runs a tool of the workspace under the pinned Node: `node bin/run.mjs vitest run`. */
import { delimiter, dirname, join } from "node:path";
import { ensureInstalled, node24, root } from "./install.mjs";
import { forward } from "./forward.mjs";

ensureInstalled();
const path = [dirname(node24), join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
const [tool, ...args] = process.argv.slice(2);
forward(tool, args, { env: { ...process.env, PATH: path }, cwd: root });
