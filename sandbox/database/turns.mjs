/** Lets one at a time have something, in the order of asking. */
export class Turns {
  #last = Promise.resolve();

  /** Resolves when it is the caller's turn; the next one waits until `end` is called. */
  async take() {
    const before = this.#last;
    let end;
    this.#last = new Promise((resolve) => (end = resolve));
    await before;
    return { end };
  }
}
