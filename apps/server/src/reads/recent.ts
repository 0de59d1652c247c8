/** Values by key, of which those that were used last are kept. */
export interface Recent<Key, Value> {
  /** The value, used by that; undefined where none is kept. */
  get(key: Key): Value | undefined;
  /** Keeps a value; those that were not used longest go where there is no room. */
  set(key: Key, value: Value): void;
  delete(key: Key): void;
}

/**
 * @param limit sum of the sizes kept
 * @param sizeOf 1 unless told
 */
export function createRecent<Key, Value>(
  limit: number,
  sizeOf: (value: Value) => number = () => 1,
): Recent<Key, Value> {
  // In the order of use.
  const kept = new Map<Key, { readonly value: Value; readonly size: number }>();
  let size = 0;
  const forget = (key: Key): void => {
    size -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  };
  return {
    get: (key) => {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    },
    set: (key, value) => {
      forget(key);
      const own = sizeOf(value);
      kept.set(key, { value, size: own });
      size += own;
      for (const oldest of kept.keys()) {
        if (size <= limit) break;
        forget(oldest);
      }
    },
    delete: forget,
  };
}
