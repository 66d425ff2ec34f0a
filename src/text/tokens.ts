/** Runs of letters, up to three digits, and runs of anything else but spaces: roughly how o200k cuts a text. */
const PIECES = /\p{L}+|\p{N}{1,3}|[^\p{L}\p{N}\s]+|\n/gu;
const IS_LETTER = /^\p{L}/u;
/** Letters and signs in one token, on average; few, so that the estimate is rather too high than too low. */
const LETTERS = 6;
const SIGNS = 3;

/** About how many tokens (o200k) a text costs; test/text/tokens.test.ts compares it with the real count. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(PIECES)) {
    tokens += Math.ceil(piece.length / (IS_LETTER.test(piece) ? LETTERS : SIGNS));
  }
  return tokens;
}
