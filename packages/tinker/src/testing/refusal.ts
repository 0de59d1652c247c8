/** An answer with an error status. Thrown while a call is carried out, it becomes a 400 on its result instead. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}
