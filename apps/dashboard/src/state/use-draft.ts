import { useEffect, useRef, useState } from "react";

/**
 * A value that a field changes at every key or movement, and that is handed on once it rests.
 * A value from outside replaces the draft, unless it is the one just handed on.
 * @param commit called with the resting value
 */
export function useDraft<Value extends string | number>(
  value: Value,
  commit: (value: Value) => void,
  restMs = 200,
): readonly [Value, (draft: Value) => void] {
  const [draft, setDraft] = useState(value);
  const committed = useRef(value);
  const latest = useRef(commit);
  useEffect(() => {
    latest.current = commit;
  });
  useEffect(() => {
    if (value === committed.current) return;
    committed.current = value;
    setDraft(value);
  }, [value]);
  useEffect(() => {
    if (draft === committed.current) return undefined;
    const timer = setTimeout(() => {
      committed.current = draft;
      latest.current(draft);
    }, restMs);
    return () => clearTimeout(timer);
  }, [draft, restMs]);
  return [draft, setDraft];
}
