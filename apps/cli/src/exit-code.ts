import type { ErrorCode } from "@litmus/core";

/** The exit code of each error: the contract of the command line. */
export const exitCodes: Readonly<Record<ErrorCode, number>> = {
  bug: 1,
  "invalid-config": 2,
  "invalid-input": 2,
  "invalid-data": 2,
  unavailable: 3,
  "out-of-space": 3,
  "not-found": 4,
  "gate-failed": 6,
  conflict: 7,
  "corrupt-file": 3,
  incompatible: 7,
  interrupted: 130,
};
