import { existsSync } from "node:fs";

/** Debian's Chromium; none is downloaded. */
export const chromiumPath = process.env["LITMUS_TEST_CHROMIUM"] ?? "/usr/bin/chromium";

/** Why the tests in a browser are skipped here, or null. */
export const whyNoChromium = existsSync(chromiumPath)
  ? null
  : `there is no Chromium at ${chromiumPath} (Debian: apt-get install chromium)`;
