/** What a step spends its time on; where several are under way, the first of them has the time. */
export const activities = ["sampling", "update", "store", "search", "verifying"] as const;
export type Activity = (typeof activities)[number];

/** Wall time by activity; `other` is when none is under way. */
export class TimeSplit {
  readonly #underWay = new Map<Activity, number>();
  readonly #seconds = new Map<Activity | "other", number>();
  #since: number | null = null;

  /** Counts from here; what was counted before is forgotten. */
  start(): void {
    this.#seconds.clear();
    this.#since = performance.now();
  }

  /** Seconds of each since {@link start}; nothing is counted afterwards. */
  stop(): Readonly<Record<Activity | "other", number>> {
    this.#account();
    this.#since = null;
    const of = (name: Activity | "other"): number => this.#seconds.get(name) ?? 0;
    return {
      sampling: of("sampling"),
      search: of("search"),
      verifying: of("verifying"),
      update: of("update"),
      store: of("store"),
      other: of("other"),
    };
  }

  /** The target with the time of its methods counted, until what they return is settled. */
  timed<T extends object>(target: T, activityOf: (method: string) => Activity | null): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name, target);
        const activity = typeof name === "string" ? activityOf(name) : null;
        if (typeof value !== "function") return value;
        const call = (...parameters: unknown[]): unknown => Reflect.apply(value, target, parameters);
        return activity === null ? call : (...parameters: unknown[]) => this.count(activity, () => call(...parameters));
      },
    });
  }

  /** Counts one call. */
  count<T>(activity: Activity, call: () => T): T {
    this.#change(activity, 1);
    try {
      const result = call();
      if (!(result instanceof Promise)) {
        this.#change(activity, -1);
        return result;
      }
      return result.finally(() => this.#change(activity, -1)) as T;
    } catch (error) {
      this.#change(activity, -1);
      throw error;
    }
  }

  #change(activity: Activity, by: number): void {
    this.#account();
    this.#underWay.set(activity, (this.#underWay.get(activity) ?? 0) + by);
  }

  #account(): void {
    if (this.#since === null) return;
    const now = performance.now();
    const activity = activities.find((each) => (this.#underWay.get(each) ?? 0) > 0) ?? "other";
    this.#seconds.set(activity, (this.#seconds.get(activity) ?? 0) + (now - this.#since) / 1000);
    this.#since = now;
  }
}
