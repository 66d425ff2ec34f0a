import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** Encrypts and authenticates what replicas tell each other: it holds requests and answers of callers. */
export interface Sealed {
  /** @param to whom it is for; nobody else can open it */
  seal(value: unknown, to: string): string;
  /** @returns undefined for what was not sealed with the same key for the same receiver */
  open(text: string, to: string): unknown;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM. @param signingKey the same in all replicas */
export function createSealed(signingKey: Buffer): Sealed {
  const key = createHmac('sha256', signingKey).update('mdca-replicas-2').digest();
  return {
    seal(value, to) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(to));
      const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
    },
    open(text, to) {
      try {
        const bytes = Buffer.from(text, 'base64');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
        decipher.setAAD(Buffer.from(to));
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const opened = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
        return JSON.parse(opened.toString());
      } catch {
        return undefined;
      }
    },
  };
}
