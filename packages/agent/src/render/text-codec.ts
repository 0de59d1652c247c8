/** Text to tokens and back. Tokens may be ids, or pieces of the text where there is no tokenizer. */
export interface TextCodec<Token> {
  encode(text: string): Token[];
  decode(tokens: readonly Token[]): string;
}
