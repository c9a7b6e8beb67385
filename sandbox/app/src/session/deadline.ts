/** How long the auth service may take before a page or an action goes on without it. */
const AUTH_TIMEOUT_MS = Number(process.env.SUPABASE_AUTH_TIMEOUT_MS ?? 8000);

/** A fetch that gives up once `AUTH_TIMEOUT_MS` have passed since the deadline was made. */
export class AuthDeadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer = setTimeout(() => this.#controller.abort(), AUTH_TIMEOUT_MS);

  get passed(): boolean {
    return this.#controller.signal.aborted;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    try {
      return await fetch(input, { ...init, signal: this.#controller.signal });
    } catch (error) {
      // supabase-js turns this into an error that no longer says why.
      if (this.passed) console.error((error as Error).stack);
      throw error;
    }
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
