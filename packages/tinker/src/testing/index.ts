export { FakeTinkerServer } from "./fake-server.ts";
export type { ArrivedRequest } from "./arrived-request.ts";
export type { FakeServerOptions } from "./fake-state.ts";
export type { Fault } from "./faults.ts";
export { ManualTime } from "./manual-time.ts";
export { byteVocabulary, openFakeService } from "./open-service.ts";
export type { FakeService } from "./open-service.ts";
export { serveFake } from "./serve-fake.ts";
export type { ServedFake } from "./serve-fake.ts";
