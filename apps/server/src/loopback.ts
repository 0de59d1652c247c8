/** Names of this machine that no other machine can reach. */
export const loopbackHosts = ["127.0.0.1", "localhost", "::1"] as const;

/** Whether a server that listens on this address can be reached from this machine alone. */
export const isLoopback = (host: string): boolean => loopbackHosts.some((each) => each === host);

/** As a URL names a host: an IPv6 address stands in brackets. */
export const urlHost = (host: string): string => (host.includes(":") ? `[${host}]` : host);
