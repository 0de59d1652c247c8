import { builtPage } from "./wiring/page/built-page.ts";

/** @file Builds the page ahead, for an image or a package that is to start without doing so. */

process.stderr.write(`${await builtPage()}\n`);
