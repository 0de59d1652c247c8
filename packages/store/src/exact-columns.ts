import { customType } from "drizzle-orm/pg-core";
import { decodeJson, decodeText, encodeJson, encodeNumber, encodeText } from "./exact-text.ts";

/** Text from outside: any JavaScript string, read back unchanged. */
export const exactText = customType<{ data: string; driverData: string }>({
  dataType: () => "text",
  toDriver: encodeText,
  fromDriver: decodeText,
});

/** Plain JSON, read back deep-equal; `undefined` members are left out. */
export const exactJson = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => "jsonb",
  toDriver: encodeJson,
  fromDriver: decodeJson,
});

/** A double, NaN, infinities and negative zero included. */
export const exactDouble = customType<{ data: number; driverData: string | number }>({
  dataType: () => "double precision",
  toDriver: encodeNumber,
  fromDriver: Number,
});

/** Doubles in order, one dimension. */
export const exactDoubles = customType<{ data: readonly number[]; driverData: string | readonly number[] }>({
  dataType: () => "double precision[]",
  toDriver: (values) => `{${values.map(encodeNumber).join(",")}}`,
  fromDriver: (stored) => stored as readonly number[],
});

/** 32-bit integers in order, one dimension. */
export const integers = customType<{ data: readonly number[]; driverData: string | readonly number[] }>({
  dataType: () => "integer[]",
  toDriver: (values) => `{${values.join(",")}}`,
  fromDriver: (stored) => stored as readonly number[],
});
