/** A session in a real Chromium: somebody who was never at the site before. */

import type { Browser, BrowserContext, Page, Route } from "playwright-core";
import { expect } from "vitest";

/** How long nothing may be asked for until a page counts as settled. */
const SETTLED_MS = 1_000;

/** A browser window with cookies of its own. */
export class BrowserSession {
  readonly page: Page;
  /** Paths that were answered with 500 or above. */
  readonly serverErrors = new Set<string>();
  readonly #context: BrowserContext;
  #pending = 0;
  #lastAnswer = Date.now();

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    // Waits are for a machine that is busy with other things.
    page.setDefaultTimeout(45_000);
  }

  static async start(browser: Browser): Promise<BrowserSession> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const session = new BrowserSession(context, await context.newPage());
    await context.route("**/*", (route) => session.#answer(route));
    return session;
  }

  /**
   * Node.js asks the server, for Chromium: that drops all its connections (`ERR_NETWORK_CHANGED`) whenever a network
   * interface comes or goes, as one does with every container on the host.
   */
  async #answer(route: Route): Promise<void> {
    this.#pending++;
    try {
      // A connection that the server has just closed as idle is tried again.
      const response = await route.fetch({ maxRedirects: 0, maxRetries: 3 });
      if (response.status() >= 500) this.serverErrors.add(new URL(response.url()).pathname);
      await route.fulfill({ response });
    } finally {
      this.#pending--;
      this.#lastAnswer = Date.now();
    }
  }

  /** Waits until the page has got all that it asked for, and asks for nothing more. */
  async settled(): Promise<void> {
    const quiet = () => this.#pending === 0 && Date.now() - this.#lastAnswer > SETTLED_MS;
    await expect.poll(quiet, { timeout: 60_000, message: "the page never stopped asking" }).toBe(true);
  }

  async end(): Promise<void> {
    await this.#context.unrouteAll({ behavior: "ignoreErrors" });
    await this.#context.close();
  }
}
