import { LitmusError } from "@litmus/core";
import { z } from "zod";
import type { HttpClient } from "../http/http-client.ts";
import { jsonType } from "../wire/codec.ts";
import type { WireForm } from "../wire/codec.ts";
import { readJson } from "../wire/json-results.ts";

const health = z.object({ status: z.literal("ok") });
const capabilities = z.object({ supported_models: z.array(z.object({ model_name: z.string() })) });

/**
 * Asks a server for its health, its models and its form of the API, none of which changes anything.
 * The form shows in how an empty JSON body is refused: 415 where only protobuf is taken, 422 where fields are missed.
 * @throws LitmusError `incompatible` when the base model is not served or neither answer comes
 */
export async function probeServer(http: HttpClient, baseModel: string): Promise<WireForm> {
  const get = (path: string) => http.send({ method: "GET", path, repeat: "safe" });
  readJson(health, (await get("/api/v1/healthz")).bytes, "healthz");
  const { supported_models: models } = readJson(
    capabilities,
    (await get("/api/v1/get_server_capabilities")).bytes,
    "get_server_capabilities",
  );
  const names = models.map((model) => model.model_name);
  if (!names.includes(baseModel)) {
    throw new LitmusError(
      "incompatible",
      `the Tinker server serves ${names.join(", ") || "no model"}, not ${baseModel}`,
      {
        path: "baseModel",
        hint: "start the server with this base model, or name the one that it has",
      },
    );
  }
  return probeForm(http);
}

async function probeForm(http: HttpClient): Promise<WireForm> {
  const { status } = await http.send({
    method: "POST",
    path: "/api/v1/forward_backward",
    contentType: jsonType,
    body: "{}",
    repeat: "safe",
    expect: [415, 422],
  });
  if (status === 415) return "protobuf";
  if (status === 422) return "json";
  throw new LitmusError("incompatible", `the server took an empty forward_backward (${status}): it speaks another API`);
}
