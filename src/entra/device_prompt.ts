import type { OpenUrl } from '../http/layers.ts';

/** A code that a person is to enter, and where. */
interface DeviceCode {
  readonly code: string;
  readonly url: string;
  /** How to ask the person at the client; absent if the client cannot. */
  readonly openUrl: OpenUrl | undefined;
  /** Called when the person does not want to. */
  readonly refused: () => void;
}

export type Prompt = (code: DeviceCode) => void;

/** @param say writes one line on stderr; a person who starts this server reads it there, or in the client's log */
export function createPrompt(say: (line: string) => void): Prompt {
  return ({ code, url, openUrl, refused }) => {
    const known = /^[\w-]{4,20}$/.test(code) && /^https:\/\/[\w.:/-]{1,200}$/.test(url);
    if (!known) return refused();
    say(`To sign in to Defender for Cloud Apps, open ${url} and enter the code ${code}.`);
    const message = `To sign in to Defender for Cloud Apps, open the address and enter the code ${code} there.`;
    void openUrl?.(url, message).then((answer) => answer === 'refused' && refused());
  };
}
