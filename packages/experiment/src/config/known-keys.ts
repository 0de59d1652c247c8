import { z } from "zod";
import { experimentSchema } from "./schema.ts";

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** The keys that the experiment file allows at a path; members of a union are joined. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  const schema = z.toJSONSchema(experimentSchema, { io: "output", unrepresentable: "any" }) as JsonSchema;
  const reached = path.reduce<readonly JsonSchema[]>(
    (nodes, key) => nodes.flatMap((node) => descend(node, key)),
    [schema],
  );
  return [...new Set(reached.flatMap(alternatives).flatMap((node) => Object.keys(node.properties ?? {})))];
}

function alternatives(node: JsonSchema): JsonSchema[] {
  const members = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  return members.length === 0 ? [node] : members.flatMap(alternatives);
}

function descend(node: JsonSchema, key: PropertyKey): JsonSchema[] {
  return alternatives(node).flatMap((member) => {
    const next = typeof key === "number" ? member.items : member.properties?.[String(key)];
    return next === undefined ? [] : [next];
  });
}
