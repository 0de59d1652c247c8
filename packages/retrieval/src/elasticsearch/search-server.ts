import { Client, type ClientOptions, Transport } from "@elastic/elasticsearch";
import { LitmusError } from "@litmus/core";
import { z } from "zod";
import { readServerUrl } from "../remote/server-url.ts";
import { toServerError } from "./server-errors.ts";

/** Elasticsearch 8 and 9, or OpenSearch 2 and 3. */
export type ServerFlavor = "elasticsearch" | "opensearch";

export interface SearchServerOptions {
  /** For example `https://search.example:9200`; holds no credentials. */
  readonly url: string;
  readonly flavor: ServerFlavor;
  /** OpenSearch knows no API keys. Sent over https, or to this machine. */
  readonly auth?: { readonly apiKey: string } | { readonly username: string; readonly password: string };
  readonly tls?: {
    /** Certificates to trust, PEM. */
    readonly ca?: string;
    /** SHA-256 of the authority's certificate, hexadecimal with colons. */
    readonly caFingerprint?: string;
    /** False accepts any certificate: for tests alone. */
    readonly rejectUnauthorized?: boolean;
  };
}

/** A server that answered as its flavor does. */
export interface SearchServer {
  readonly client: Client;
  readonly flavor: ServerFlavor;
  readonly version: string;
}

const supportedMajors: Record<ServerFlavor, readonly number[]> = { elasticsearch: [8, 9], opensearch: [2, 3] };
const greetingSchema = z.object({ version: z.object({ number: z.string(), distribution: z.string().optional() }) });

/** OpenSearch 2 may be told to answer like this to old clients; it then still gives its distribution. */
const openSearchAsOldElasticsearch = "7.10.2";

/**
 * Connects, and checks what answers. The client never retries by itself: its callers do, with jitter.
 * @throws LitmusError `invalid-config` for a bad address or credentials in the clear; `incompatible` for another flavor
 * or version; `unavailable` when nothing answers
 */
export async function connectSearchServer(options: SearchServerOptions): Promise<SearchServer> {
  const client = new Client(clientOptions(options));
  try {
    const greeting = greetingSchema.safeParse(await client.info());
    if (!greeting.success) throw incompatible(options, "it does not answer as a search server does");
    const { number, distribution = "elasticsearch" } = greeting.data.version;
    if (distribution !== options.flavor) throw incompatible(options, `it is ${distribution} ${number}`);
    const isDisguised = options.flavor === "opensearch" && number === openSearchAsOldElasticsearch;
    if (!isDisguised && !supportedMajors[options.flavor].includes(majorOf(number)))
      throw incompatible(options, `it is ${distribution} ${number}`);
    return { client, flavor: options.flavor, version: number };
  } catch (error) {
    await client.close();
    throw toServerError(error, `asking ${options.url} for its version`);
  }
}

/**
 * What the server multiplies Lucene's score by. Lucene 8 dropped the factor k1 + 1; Elasticsearch and OpenSearch 2 keep
 * it (LegacyBM25Similarity), OpenSearch 3 does not.
 */
export function scoreFactor({ flavor, version }: Pick<SearchServer, "flavor" | "version">, k1: number): number {
  return flavor === "opensearch" && majorOf(version) === 3 ? 1 : k1 + 1;
}

function clientOptions({ url, flavor, auth, tls = {} }: SearchServerOptions): ClientOptions {
  const { ca, caFingerprint, rejectUnauthorized } = tls;
  const certificates = {
    ...(ca === undefined ? {} : { ca }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
  return {
    node: readServerUrl(url, { hasCredentials: auth !== undefined }).href,
    Transport: flavor === "opensearch" ? OpenSearchTransport : PlainTransport,
    maxRetries: 0,
    enableMetaHeader: false,
    ...(auth === undefined ? {} : { auth }),
    ...(Object.keys(certificates).length === 0 ? {} : { tls: certificates }),
    ...(caFingerprint === undefined ? {} : { caFingerprint }),
  };
}

type TransportOptions = ConstructorParameters<typeof Transport>[0];

/** Plain media types, which every version takes: the client's own name its version and older servers refuse them. */
class PlainTransport extends Transport {
  constructor(options: TransportOptions) {
    const vendoredHeaders = {
      jsonContentType: "application/json",
      ndjsonContentType: "application/x-ndjson",
      accept: "application/json,text/plain",
    };
    super({ ...options, vendoredHeaders });
  }
}

/** OpenSearch does not send the header by which the client knows Elasticsearch. */
class OpenSearchTransport extends PlainTransport {
  constructor(options: TransportOptions) {
    const unchecked = { ...options };
    delete unchecked.productCheck;
    super(unchecked);
  }
}

const majorOf = (version: string): number => Number.parseInt(version, 10);

function incompatible({ url, flavor }: SearchServerOptions, what: string): LitmusError {
  return new LitmusError("incompatible", `${url} cannot be used as ${flavor}: ${what}`, {
    path: "flavor",
    hint: `The flavor elasticsearch takes versions 8 and 9, opensearch 2 and 3.`,
  });
}
