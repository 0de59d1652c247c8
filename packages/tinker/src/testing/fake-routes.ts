import { jsonType, protobufType } from "../wire/codec.ts";
import type { ArrivedRequest } from "./arrived-request.ts";
import type { ServerState } from "./fake-state.ts";
import { jsonPassBodies, readJsonPass, readProtobufPass } from "./fake-wire.ts";
import { Refusal } from "./refusal.ts";
import { bodies, readBody } from "./request-bodies.ts";
import { sample, saveForSampler } from "./sampling-routes.ts";
import { createModel, loadWeights, modelPass, optimStep, saveWeights, unloadModel } from "./training-routes.ts";

interface Call {
  readonly state: ServerState;
  readonly request: ArrivedRequest;
  /** Gets the path of every dropped field. */
  readonly report: (field: string) => void;
}

type Route = (call: Call) => unknown;

/** The route of a request. @throws Refusal 404 */
export function routeOf({ method, path }: ArrivedRequest): Route {
  const [place = ""] = path.split("?");
  const route = routes.get(`${method} ${place}`) ?? (method === "GET" ? listRoute(place) : undefined);
  if (route === undefined) throw new Refusal(404, "Not Found");
  return route;
}

const read = <Name extends keyof typeof bodies>(name: Name, { request, report }: Call) =>
  readBody<ReturnType<(typeof bodies)[Name]["parse"]>>(bodies[name] as never, textOf(request), report);

const textOf = ({ bytes }: ArrivedRequest): string => new TextDecoder().decode(bytes);

const routes = new Map<string, Route>([
  ["GET /healthz", () => ({ status: "ok" })],
  ["GET /get_server_capabilities", ({ state }) => ({ supported_models: [{ model_name: state.options.baseModel }] })],
  ["GET /training_runs", listRuns],
  ["POST /create_session", createSession],
  ["POST /session_heartbeat", heartbeat],
  ["POST /create_model", (call) => createModel(call.state, read("createModel", call))],
  ["POST /forward", forward],
  ["POST /forward_backward", forwardBackward],
  ["POST /optim_step", (call) => optimStep(call.state, read("optimStep", call))],
  ["POST /save_weights", (call) => saveWeights(call.state, read("saveWeights", call))],
  ["POST /load_weights", (call) => loadWeights(call.state, read("loadWeights", call))],
  ["POST /unload_model", (call) => unloadModel(call.state, read("unloadModel", call))],
  ["POST /save_weights_for_sampler", (call) => saveForSampler(call.state, read("saveForSampler", call))],
  ["POST /asample", (call) => sample(call.state, read("sample", call))],
]);

function createSession(call: Call): unknown {
  read("createSession", call);
  const id = call.state.id("session");
  call.state.sessions.set(id, call.state.nowMs);
  return { session_id: id };
}

function heartbeat(call: Call): unknown {
  const { session_id: id } = read("heartbeat", call);
  if (!call.state.sessions.has(id)) throw new Refusal(404, "Session not found");
  call.state.sessions.set(id, call.state.nowMs);
  return { type: "session_heartbeat" };
}

/** Gone in the protobuf form. */
function forward({ state, request, report }: Call): unknown {
  if (state.options.form === "protobuf") throw new Refusal(404, "Not Found");
  return modelPass(state, readJsonPass(readBody(jsonPassBodies.forward, textOf(request), report)));
}

function forwardBackward({ state, request, report }: Call): unknown {
  const wanted = state.options.form === "protobuf" ? protobufType : jsonType;
  if (request.contentType !== wanted) throw new Refusal(415, `forward_backward requires a ${wanted} body`);
  if (wanted === protobufType) return modelPass(state, readProtobufPass(request.bytes));
  return modelPass(state, readJsonPass(readBody(jsonPassBodies.forwardBackward, textOf(request), report)));
}

function listRuns({ state, request }: Call): unknown {
  const query = new URLSearchParams(request.path.split("?")[1] ?? "");
  const [limit, offset] = [Number(query.get("limit") ?? 20), Number(query.get("offset") ?? 0)];
  const page = state.trainingRuns.slice(offset, offset + limit);
  return {
    training_runs: page.map((id) => ({ training_run_id: id, base_model: state.options.baseModel, is_lora: true })),
    cursor: { offset, limit, total_count: state.trainingRuns.length },
  };
}

/** `/training_runs/{id}/checkpoints`. */
function listRoute(place: string): Route | undefined {
  const id = /^\/training_runs\/([^/]+)\/checkpoints$/.exec(place)?.[1];
  if (id === undefined) return undefined;
  return ({ state }) => ({
    checkpoints: [...state.checkpoints.keys()]
      .filter((path) => path.startsWith(`tinker://${id}/weights/`))
      .map((path) => ({ checkpoint_id: path.split("/").at(-1), checkpoint_type: "training", tinker_path: path })),
  });
}
