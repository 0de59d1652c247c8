import type { Page } from "@playwright/test";

/** What must not happen on a page, as sentences in the order seen. */
export interface Trouble {
  readonly seen: readonly string[];
  /** From now on, requests that fail because no server answers are expected. */
  expectOutage(): void;
}

const outage = /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/;

/**
 * Notes dialogs, errors, refusals of the content security policy, requests to other addresses, and whatever a hostile text would leave
 * behind. To be called before the page opens anything.
 */
export async function watchTrouble(page: Page, address: string): Promise<Trouble> {
  const seen: string[] = [];
  let isOutageExpected = false;
  page.on("dialog", (dialog) => {
    seen.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => seen.push(`an error was thrown: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() !== "error" || (isOutageExpected && outage.test(text))) return;
    seen.push(`an error was logged: ${text}`);
  });
  page.on("request", (request) => {
    const isOwn = request.url().startsWith(`${address}/`) || /^(data|blob):/.test(request.url());
    if (!isOwn) seen.push(`another address was asked: ${request.url()}`);
  });
  await page.exposeFunction("reportTrouble", (text: string) => void seen.push(text));
  await page.addInitScript(() => {
    const report = (window as unknown as { reportTrouble: (text: string) => void }).reportTrouble;
    document.addEventListener("securitypolicyviolation", (event) =>
      report(`the policy refused ${event.blockedURI} for ${event.violatedDirective}`),
    );
    Object.defineProperty(window, "hostile", {
      set: () => {
        report("a hostile text was run");
      },
      get: () => undefined,
    });
  });
  return { seen, expectOutage: () => void (isOutageExpected = true) };
}
