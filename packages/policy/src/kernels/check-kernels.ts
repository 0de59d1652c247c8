/** @file A process that only loads kernels: a library that is broken ends it alone. Its argument is their folder. */
import { loadKernels } from "./load-kernels.ts";

loadKernels(process.argv[2] ?? "");
