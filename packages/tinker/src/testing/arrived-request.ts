/** A request as it arrived. */
export interface ArrivedRequest {
  readonly method: string;
  /** After `/api/v1`. */
  readonly path: string;
  readonly contentType: string;
  readonly apiKey: string | null;
  readonly bytes: Uint8Array;
}
