import { defaultParseSearch, defaultStringifySearch } from "@tanstack/react-router";
import fc from "fast-check";
import { expect } from "vitest";
import type { ViewSchema } from "../view-schema.ts";

/** The view after its address was written, copied and read again. */
export function throughAddress<View extends object>(schema: ViewSchema<View>, view: View): View {
  return schema.parse(defaultParseSearch(defaultStringifySearch({ ...view })));
}

/** Fails unless every view survives its address, and no address breaks the view. */
export function expectPermalinks<View extends object>(schema: ViewSchema<View>, views: fc.Arbitrary<View>): void {
  fc.assert(
    fc.property(views, (view) => {
      expect(throughAddress(schema, view)).toEqual(view);
    }),
  );
  const fields = fc.constantFrom(...Object.keys(schema.defaults), "unknown");
  fc.assert(
    fc.property(fc.dictionary(fields, fc.anything()), (search) => {
      const view = schema.parse(search);
      expect(Object.keys(view)).toEqual(Object.keys(schema.defaults));
      expect(throughAddress(schema, view)).toEqual(view);
    }),
  );
}
