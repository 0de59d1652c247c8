import { connectTinker } from "../service/tinker-service.ts";
import type { TinkerOptions, TinkerService } from "../service/tinker-service.ts";
import { FakeTinkerServer } from "./fake-server.ts";
import type { FakeServerOptions } from "./fake-state.ts";
import { ManualTime } from "./manual-time.ts";

/** One token for each UTF-8 byte, and four control ids: enough for the fake server. */
export const byteVocabulary = {
  vocabularySize: 260,
  decode: (tokens: readonly number[]): string =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(tokens.filter((token) => token < 256))),
};

export interface FakeService {
  readonly server: FakeTinkerServer;
  readonly time: ManualTime;
  readonly service: TinkerService;
}

/** A service on a fake server, of its own unless one is given, without any waiting. */
export async function openFakeService(
  fake: FakeTinkerServer | Partial<FakeServerOptions> = {},
  options: Partial<TinkerOptions> = {},
): Promise<FakeService> {
  const server = fake instanceof FakeTinkerServer ? fake : new FakeTinkerServer({ tokenizer: byteVocabulary, ...fake });
  const time = new ManualTime();
  const service = await connectTinker({
    url: "http://tinker.test",
    apiKey: null,
    baseModel: server.baseModel,
    server: server.kind,
    fetch: server.fetch,
    time,
    ...options,
  });
  return { server, time, service };
}
