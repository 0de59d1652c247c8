export { tokenLoss } from "./token-loss.ts";
export type { TokenLoss, TokenLossInput } from "./token-loss.ts";
