/**
 * Lets work on one policy version run at a time: what asks for another version waits until all work under way has ended, then
 * switches.
 */
export class VersionGate {
  #current: string | null = null;
  #isSwitching = false;
  #active = 0;
  #change = Promise.withResolvers<void>();

  /**
   * @param version names run and version
   * @param switchTo called while nothing runs; when it rejects, this work alone is rejected, and the next one switches again
   */
  async run<T>(version: string, switchTo: () => Promise<void>, work: () => Promise<T>): Promise<T> {
    await this.#enter(version, switchTo);
    try {
      return await work();
    } finally {
      this.#active--;
      this.#tell();
    }
  }

  async #enter(version: string, switchTo: () => Promise<void>): Promise<void> {
    while (this.#isSwitching || (this.#current !== version && this.#active > 0)) await this.#change.promise;
    this.#active++;
    if (this.#current === version) return;
    this.#isSwitching = true;
    this.#current = null;
    try {
      await switchTo();
      this.#current = version;
    } catch (cause) {
      this.#active--;
      throw cause;
    } finally {
      this.#isSwitching = false;
      this.#tell();
    }
  }

  #tell(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}
