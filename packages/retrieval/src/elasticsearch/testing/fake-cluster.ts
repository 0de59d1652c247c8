import { createEnglishAnalyzer } from "../../analysis/english-analyzer.ts";

type Json = Record<string, unknown>;

interface FakeDocument {
  readonly source: Json;
  readonly terms: readonly string[];
}

interface FakeIndex {
  settings: Json;
  mappings: Json;
  readonly documents: Map<string, FakeDocument>;
}

interface SearchBody {
  readonly query: { readonly match: { readonly contents: { readonly query: string } } };
  readonly size: number;
}

/** An answer of a fake server. */
export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
}

const analyze = createEnglishAnalyzer();
const ok = (body: unknown = { acknowledged: true }): FakeAnswer => ({ status: 200, body });

/** Indexes in memory, with BM25 by its formula over exact lengths, times k1 + 1 as Elasticsearch has it. */
export class FakeCluster {
  readonly indexes = new Map<string, FakeIndex>();
  readonly aliases = new Map<string, Set<string>>();

  create(name: string, { settings, mappings }: Json): FakeAnswer {
    if (this.indexes.has(name)) return { status: 400, body: { error: { type: "resource_already_exists_exception" } } };
    this.indexes.set(name, {
      settings: { ...((settings as Json)["index"] as Json) },
      mappings: mappings as Json,
      documents: new Map(),
    });
    return ok();
  }

  delete(name: string): FakeAnswer {
    return this.indexes.delete(name) ? ok() : missing(name);
  }

  mapping(pattern: string): FakeAnswer {
    const found = pattern.endsWith("*")
      ? [...this.indexes.keys()].filter((name) => name.startsWith(pattern.slice(0, -1)))
      : this.#resolve(pattern);
    if (found.length === 0 && !pattern.endsWith("*")) return missing(pattern);
    return ok(Object.fromEntries(found.map((name) => [name, { mappings: this.#index(name).mappings }])));
  }

  putMapping(name: string, body: Json): FakeAnswer {
    const index = this.#index(name);
    index.mappings = { ...index.mappings, ...body };
    return ok();
  }

  putSettings(name: string, body: Json): FakeAnswer {
    Object.assign(this.#index(name).settings, body["index"]);
    return ok();
  }

  aliasesNamed(alias: string): FakeAnswer {
    const behind = [...(this.aliases.get(alias) ?? [])];
    if (behind.length === 0) return { status: 404, body: { error: `alias [${alias}] missing`, status: 404 } };
    return ok(Object.fromEntries(behind.map((name) => [name, { aliases: { [alias]: {} } }])));
  }

  aliasesOf(name: string): FakeAnswer {
    if (!this.indexes.has(name)) return missing(name);
    const aliases = [...this.aliases].filter(([, names]) => names.has(name)).map(([alias]) => [alias, {}]);
    return ok({ [name]: { aliases: Object.fromEntries(aliases) } });
  }

  updateAliases(actions: readonly Record<string, { index: string; alias: string }>[]): FakeAnswer {
    for (const { add, remove } of actions) {
      if (remove !== undefined) this.aliases.get(remove.alias)?.delete(remove.index);
      if (add !== undefined) this.aliases.set(add.alias, (this.aliases.get(add.alias) ?? new Set()).add(add.index));
    }
    return ok();
  }

  /** The `items` of a bulk request's answer. A `year` that is no number is rejected, as the mapping wants. */
  bulk(name: string, lines: readonly Json[]): Json[] {
    const index = this.#index(name);
    const items: Json[] = [];
    for (let at = 0; at < lines.length; at += 2) {
      const { _id } = (lines[at] as { index: { _id: string } }).index;
      const source = lines[at + 1] as Json;
      if (Math.abs(Number(source["year"])) > 32_767) {
        items.push({ index: { _id, status: 400, error: { type: "document_parsing_exception", reason: "year" } } });
        continue;
      }
      const status = index.documents.has(_id) ? 200 : 201;
      index.documents.set(_id, { source, terms: analyze(String(source["contents"])) });
      items.push({ index: { _id, status } });
    }
    return items;
  }

  count(name: string): FakeAnswer {
    const [index] = this.#resolve(name);
    return index === undefined ? missing(name) : ok({ count: this.#index(index).documents.size });
  }

  document(name: string, id: string): FakeAnswer {
    if (!this.indexes.has(name)) return missing(name);
    const document = this.#index(name).documents.get(id);
    if (document === undefined) return { status: 404, body: { _index: name, _id: id, found: false } };
    return ok({ _index: name, _id: id, found: true, _source: document.source });
  }

  /** One of the `responses` of a multi search. */
  search(name: string, { query, size }: SearchBody): Json {
    const [found] = this.#resolve(name);
    if (found === undefined) return { error: { type: "index_not_found_exception", reason: name }, status: 404 };
    const hits = score(this.#index(found), analyze(query.match.contents.query)).slice(0, size);
    return {
      timed_out: false,
      _shards: { total: 1, failed: 0 },
      hits: { hits: hits.map(({ id, score: _score, source }) => ({ _id: id, _score, _source: source })) },
      status: 200,
    };
  }

  #resolve(name: string): string[] {
    return this.indexes.has(name) ? [name] : [...(this.aliases.get(name) ?? [])];
  }

  #index(name: string): FakeIndex {
    const index = this.indexes.get(name);
    if (index === undefined) throw new Error(`the fake has no index ${name}`);
    return index;
  }
}

const missing = (name: string): FakeAnswer => ({
  status: 404,
  body: { error: { type: "index_not_found_exception", reason: `no such index [${name}]` }, status: 404 },
});

function score({ documents, settings }: FakeIndex, query: readonly string[]) {
  const { k1, b } = (settings["similarity"] as { abstracts: { k1: number; b: number } }).abstracts;
  const entries = [...documents].map(([id, document]) => ({ id, ...document }));
  const lengths = entries.map(({ terms }) => terms.length);
  const average = lengths.reduce((sum, length) => sum + length, 0) / entries.length;
  const idf = (term: string): number => {
    const having = entries.filter(({ terms }) => terms.includes(term)).length;
    return Math.log(1 + (entries.length - having + 0.5) / (having + 0.5));
  };
  const weights = new Map(query.map((term) => [term, query.filter((other) => other === term).length * idf(term)]));
  return entries
    .map(({ id, source, terms }) => {
      let sum = 0;
      for (const [term, weight] of weights) {
        const frequency = terms.filter((other) => other === term).length;
        const norm = k1 * (1 - b + (b * terms.length) / average);
        sum += (weight * (k1 + 1) * frequency) / (frequency + norm);
      }
      return { id, source, score: sum };
    })
    .filter((hit) => hit.score > 0)
    .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1));
}
