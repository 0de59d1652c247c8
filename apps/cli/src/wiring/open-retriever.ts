import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { LitmusError, type CorpusRecord, type RecordId, type Retriever } from "@litmus/core";
import type { ExperimentConfig } from "@litmus/experiment";
import { openElasticsearchIndex, openRetrieveClient, type SearchServerOptions } from "@litmus/retrieval";
import { environment } from "../environment.ts";
import type { Reporter } from "../output/reporter.ts";
import { openCorpus } from "./open-corpus.ts";

/** What is searched, and its records by id. */
export interface OpenRetriever {
  readonly retriever: Retriever;
  readonly record: (id: RecordId) => Promise<CorpusRecord | null>;
}

interface Opening {
  readonly configDirectory: string;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
}

/** Until the time of the config is over: a server that restarts costs a pause, and no episode. */
const untilTimeout = { attempts: 1000, firstDelayMs: 100, maxDelayMs: 2000 };

/** The retriever that a config names: Litmus's own index, built on demand, or a server's. */
export async function openRetriever(
  config: Pick<ExperimentConfig, "corpus" | "retriever">,
  opening: Opening,
): Promise<OpenRetriever> {
  const { retriever: chosen, corpus } = config;
  switch (chosen.engine) {
    case "bm25": {
      const index = await openCorpus({ corpus, preset: chosen.preset }, opening);
      return { retriever: index, record: (id) => index.record(id) };
    }
    case "elasticsearch": {
      const server = await searchServerOf(chosen, opening.configDirectory);
      const { index: name, timeoutMs } = chosen;
      const index = await openElasticsearchIndex({ server, index: name, timeoutMs, retry: untilTimeout });
      return { retriever: ofThisCorpus(index, corpus.idSpace), record: (id) => index.record(id) };
    }
    case "retrieve": {
      const client = await openRetrieveClient({
        url: environment.named(chosen.urlVariable, "retriever.urlVariable"),
        timeoutMs: chosen.timeoutMs,
        retry: untilTimeout,
        ...(chosen.tokenVariable === undefined
          ? {}
          : { token: environment.named(chosen.tokenVariable, "retriever.tokenVariable") }),
      });
      return { retriever: ofThisCorpus(client, corpus.idSpace), record: noRecords };
    }
    default:
      return chosen satisfies never;
  }
}

type ElasticsearchConfig = Extract<ExperimentConfig["retriever"], { engine: "elasticsearch" }>;

/** Address and credentials of the search server that a config names. */
export async function searchServerOf(
  config: Pick<ElasticsearchConfig, "flavor" | "urlVariable" | "credentials" | "certificates">,
  configDirectory: string,
): Promise<SearchServerOptions> {
  const { flavor, urlVariable, credentials, certificates } = config;
  const url = environment.named(urlVariable, "retriever.urlVariable");
  const auth = authOf(credentials);
  const ca = certificates === undefined ? null : await readCertificates(resolve(configDirectory, certificates));
  return { url, flavor, ...(auth === null ? {} : { auth }), ...(ca === null ? {} : { tls: { ca } }) };
}

function authOf(credentials: ElasticsearchConfig["credentials"]): NonNullable<SearchServerOptions["auth"]> | null {
  switch (credentials.type) {
    case "none":
      return null;
    case "api-key":
      return { apiKey: environment.named(credentials.keyVariable, "retriever.credentials.keyVariable") };
    case "basic": {
      const password = environment.named(credentials.passwordVariable, "retriever.credentials.passwordVariable");
      return { username: credentials.username, password };
    }
    default:
      return credentials satisfies never;
  }
}

async function readCertificates(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw new LitmusError("not-found", `the certificates ${path} cannot be read`, {
      path: "retriever.certificates",
      hint: "name a PEM file; the path is relative to the experiment file",
      cause,
    });
  });
}

/** Citations of PubMed records may be linked, others never: the server's word and the config's must agree. */
function ofThisCorpus<R extends Retriever>(retriever: R, idSpace: ExperimentConfig["corpus"]["idSpace"]): R {
  if (retriever.info.idSpace === idSpace) return retriever;
  throw new LitmusError("incompatible", `the index ${retriever.info.name} has ids of ${retriever.info.idSpace}`, {
    path: "corpus.idSpace",
    hint: `the experiment says ${idSpace}: name another index, or correct it`,
  });
}

async function noRecords(id: RecordId): Promise<never> {
  throw new LitmusError("bug", `record ${id} was asked of a server that gives none`);
}
