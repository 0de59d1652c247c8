import { z } from "zod";

/** The state of a view as its address holds it: what is unknown or malformed there becomes the default, and nothing throws. */
export interface ViewSchema<View extends object> {
  readonly defaults: View;
  readonly parse: (search: unknown) => View;
}

/**
 * @param shape each field with its default: `z.string().catch("")`
 * @throws ZodError at once when a field has no default
 */
export function viewSchema<Shape extends z.ZodRawShape>(shape: Shape): ViewSchema<z.output<z.ZodObject<Shape>>> {
  const schema = z.object(shape);
  const defaults = schema.parse({});
  return {
    defaults,
    parse: (search) => {
      const parsed = schema.safeParse(search);
      return parsed.success ? parsed.data : defaults;
    },
  };
}
