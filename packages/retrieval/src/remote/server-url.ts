import { LitmusError } from "@litmus/core";

/** Names of this machine: what is sent there crosses no network. */
const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The address of a server.
 * @throws LitmusError `invalid-config` when it is no http or https address, holds credentials, or would carry
 * credentials unencrypted over a network
 */
export function readServerUrl(text: string, { hasCredentials }: { hasCredentials: boolean }): URL {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol))
    throw refuse("the address of the search server is no http or https address", "For example http://127.0.0.1:9200");
  if (url.username !== "" || url.password !== "")
    throw refuse(
      "the address of the search server holds credentials",
      "Give them apart, so that no message shows them.",
    );
  if (hasCredentials && url.protocol === "http:" && !loopbackHosts.has(url.hostname))
    throw refuse(`credentials for ${url.host} would be sent unencrypted`, "Use https.");
  return url;
}

const refuse = (message: string, hint: string): LitmusError =>
  new LitmusError("invalid-config", message, { path: "url", hint });
