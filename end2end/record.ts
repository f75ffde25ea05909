// What lies in the browser's own database, and what leaves the browser.
import type { BrowserContext, Page, Request, Response } from "@playwright/test";

export interface Fact {
  event: { id: string; learner: string; seq: number; kind: Record<string, unknown> };
  receipt: unknown;
}

/** All facts in this browser, of whomever. */
export async function facts(page: Page): Promise<Fact[]> {
  return page.evaluate(
    () =>
      new Promise<Fact[]>((resolve, reject) => {
        const opening = indexedDB.open("bdhvs");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const reading = opening.result.transaction("facts").objectStore("facts").getAll();
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => {
            opening.result.close();
            resolve(reading.result.map((text: string) => JSON.parse(text)));
          };
        };
      }),
  );
}

/** Everything a browser asks of servers from now on. */
export class Traffic {
  readonly requests: Request[] = [];
  readonly #answers: Promise<string[]>[] = [];

  constructor(context: BrowserContext) {
    context.on("request", (request) => this.requests.push(request));
    // Read at once: a body is gone when its page is.
    context.on("response", (response) => {
      // One that is gone all the same is missed in the count, and seen there.
      if (isSync(response.request()) && response.ok()) this.#answers.push(read(response).catch(() => []));
    });
  }

  /** Requests that carry learning. */
  get syncs(): Request[] {
    return this.requests.filter(isSync);
  }

  /** The ids of all facts sent, one for each time. */
  get sent(): string[] {
    return this.syncs.flatMap((one) => (one.postDataJSON() as { events: { id: string }[] }).events.map(({ id }) => id));
  }

  /**
   * Requests that could tell a server anything beyond the address of a public page or file. The worker's own downloads,
   * which come whenever they come, tell nothing.
   */
  get telling(): Request[] {
    return this.requests.filter(
      (one) => one.method() !== "GET" || one.postData() !== null || new URL(one.url()).search !== "" || isApi(one),
    );
  }

  /** How the server took each fact sent, as the phone was told: "accepted", "duplicate"… */
  async outcomes(): Promise<string[]> {
    return (await Promise.all(this.#answers)).flat();
  }
}

function isSync(request: Request): boolean {
  return new URL(request.url()).pathname === "/api/v1/sync";
}

function isApi(request: Request): boolean {
  return new URL(request.url()).pathname.startsWith("/api/");
}

async function read(response: Response): Promise<string[]> {
  const { outcomes } = (await response.json()) as { outcomes: { outcome: unknown }[] };
  return outcomes.map(({ outcome }) => (typeof outcome === "string" ? outcome : JSON.stringify(outcome)));
}
