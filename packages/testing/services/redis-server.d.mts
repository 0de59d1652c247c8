export interface RedisServer {
  readonly url: string;
  readonly processId: number;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>;
  /** Ends it, and removes its folder. */
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Whether a restart finds everything that was acknowledged. Default false: it finds nothing. */
  readonly isDurable?: boolean;
  /** More settings of the server, by their names. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** Starts a Redis of its own on a free loopback port. Rejects when no `redis-server` is installed. */
export function startRedisServer(options?: RedisServerOptions): Promise<RedisServer>;
