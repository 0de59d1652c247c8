import { runToEnd } from "./run-to-end.ts";
import { builtPage, builtReport } from "./wiring/page/built-page.ts";

/** @file Builds the page and what draws reports ahead, for an image or a package that is to start without doing so. */

await runToEnd(async () => {
  for (const built of [await builtPage(), await builtReport()]) process.stderr.write(`${built}\n`);
}, false);
