import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';

/** A person at a terminal, who can leave by Ctrl+C or Ctrl+D. Every question rejects then. */
export interface Terminal {
  ask(question: string): Promise<string>;
  /** What is typed is not shown. */
  askHidden(question: string): Promise<string>;
  /** Rejects once the person has left. */
  readonly left: Promise<never>;
  close(): void;
}

/** The person has left. */
export class PersonLeft extends Error {}

/** @param input a terminal; `close` gives it back as it was */
export function createTerminal(input: Readable, output: Writable): Terminal {
  // Also hides what is typed while nothing is asked: it may be a token that was pasted too early.
  let hidden = true;
  const shown = new Writable({
    write(chunk, _encoding, done) {
      if (!hidden) output.write(chunk);
      done();
    },
  });
  const reader = createInterface({ input, output: shown, terminal: true, historySize: 0 });
  const left = new Promise<never>((_resolve, reject) => reader.once('close', () => reject(new PersonLeft())));
  // Nobody may be waiting for it.
  left.catch(() => {});
  const answerTo = (prompt: string) =>
    Promise.race([new Promise<string>((resolve) => reader.question(prompt, resolve)), left]);
  return {
    left,
    async ask(question) {
      hidden = false;
      const answer = await answerTo(question);
      hidden = true;
      return answer.trim();
    },
    async askHidden(question) {
      output.write(question);
      const answer = await answerTo('');
      output.write('\n');
      return answer.trim();
    },
    close: () => reader.close(),
  };
}
