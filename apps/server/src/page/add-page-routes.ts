import { sha256 } from "@litmus/core";
import type { Context, Hono } from "hono";
import { pageHeaders } from "../security-headers.ts";
import { readPageFile, type PageFile } from "./page-file.ts";

/** Vite puts a hash of its content into the name of every file here: it never changes. */
const hashed = /^\/assets\/[\w.-]+-[\w-]{8,}\.\w+$/;
const notOfPage = /^\/(api|store|retrieve|health)(\/|\.|$)/;
const documentName = "/index.html";

/**
 * Serves the built page: its files, and its document for every address that the page itself tells apart.
 * @param folder asked for at the first request; asked again where it could not be had
 */
export function addPageRoutes(app: Hono, folder: () => Promise<string>): void {
  let known: Promise<string> | null = null;
  const folderOnce = (): Promise<string> => {
    const asked = (known ??= folder());
    asked.catch(() => (known = null));
    return asked;
  };
  app.get("*", async (context, next) => {
    const { path } = context.req;
    if (notOfPage.test(path)) return next();
    const root = await folderOnce();
    const file = await readPageFile(root, path);
    if (file !== null) return fileAnswer(context, file, hashed.test(path));
    if (!isPageAddress(context)) return next();
    const page = await readPageFile(root, documentName);
    return page === null ? next() : fileAnswer(context, page, false);
  });
}

/** A file that is missing is no page, or a script would be taken for HTML; but an address of the page may end in anything. */
function isPageAddress({ req }: Context): boolean {
  if (req.path.startsWith("/assets/")) return false;
  return !/\.\w+$/.test(req.path) || (req.header("accept") ?? "").includes("text/html");
}

function fileAnswer(context: Context, { content, contentType }: PageFile, isImmutable: boolean): Response {
  const etag = `"${sha256(content).slice(0, 32)}"`;
  const headers = {
    ...pageHeaders,
    "content-type": contentType,
    "cache-control": isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
    etag,
  };
  return context.req.header("if-none-match") === etag
    ? new Response(null, { status: 304, headers })
    : new Response(content, { headers });
}
