import type { OpenUrl } from '../http/layers.ts';
import { unusableCode } from './sign_in_faults.ts';

/** A code that a person is to enter, and where. */
interface DeviceCode {
  readonly code: string;
  readonly url: string;
  /** Seconds: until the code ends, and between two polls for the answer. */
  readonly expiresIn: number;
  readonly interval: number;
  /** How to ask the person at the client; absent if the client cannot. */
  readonly openUrl: OpenUrl | undefined;
  /** Called when the person does not want to. */
  readonly refused: () => void;
}

/** @throws Fault `sign_in_failed` for a code or an address that is not to be shown, or could be polled for ever */
export type Prompt = (code: DeviceCode) => void;

const HOUR = 3_600;

/** @param say writes one line on stderr; a person who starts this server reads it there, or in the client's log */
export function createPrompt(say: (line: string) => void): Prompt {
  return ({ code, url, expiresIn, interval, openUrl, refused }) => {
    const isShowable = /^[\w-]{4,20}$/.test(code) && /^https:\/\/[\w.:/-]{1,200}$/.test(url);
    if (!isShowable || !isBetween(expiresIn, 1, HOUR) || !isBetween(interval, 1, 60)) throw unusableCode();
    say(`To sign in to Defender for Cloud Apps, open ${url} and enter the code ${code}.`);
    const message = `To sign in to Defender for Cloud Apps, open the address and enter the code ${code} there.`;
    void openUrl?.(url, message).then((answer) => answer === 'refused' && refused());
  };
}

/** It comes from an answer, so it may be anything. */
function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}
