import { createContext, use, useState } from "react";
import type { ReactNode } from "react";

const Kept = createContext<Map<string, unknown> | null>(null);

/** Below it, {@link useKeptState} outlives its component: a row that a virtual list takes away comes back as it was. */
export function KeptStateProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [kept] = useState(() => new Map<string, unknown>());
  return <Kept value={kept}>{children}</Kept>;
}

/** As `useState`, by a name that is unique below the provider; without a provider it is `useState`. */
export function useKeptState<Value>(name: string, initial: Value): readonly [Value, (value: Value) => void] {
  const kept = use(Kept);
  // One name is only ever used for one type of value.
  const [value, setValue] = useState(() => (kept?.has(name) === true ? (kept.get(name) as Value) : initial));
  const keep = (next: Value): void => {
    kept?.set(name, next);
    setValue(next);
  };
  return [value, keep];
}
