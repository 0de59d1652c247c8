/** @file Tells zod, before it is loaded, not to try `new Function`: the page's policy forbids it, and reports even the attempt. */
globalThis.__zod_globalConfig = { jitless: true };
