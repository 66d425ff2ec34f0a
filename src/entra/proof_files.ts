import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readSmallText } from '../config/small_file.ts';
import { unusableFile } from './sign_in_faults.ts';

const NAME = 'AZURE_CLIENT_CERTIFICATE_PATH';
const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const KEY = /-----BEGIN ((?:[A-Z]+ )?)PRIVATE KEY-----[^-]+-----END \1PRIVATE KEY-----/;

/** A certificate as MSAL takes it. */
export interface ClientCertificate {
  readonly thumbprintSha256: string;
  readonly privateKey: string;
  /** The certificate, and those of its issuers that stand in the file. */
  readonly x5c: string;
}

/** Reads a certificate and its key from one PEM file, in any order. @throws Fault `sign_in_failed` */
export function readCertificate(file: string): ClientCertificate {
  const pem = readSecretText(NAME, file);
  if (pem.includes('ENCRYPTED')) throw unusableFile(NAME, 'names a key with a passphrase: export it without');
  const [privateKey] = KEY.exec(pem) ?? [];
  const [own, ...issuers] = pem.match(CERTIFICATES) ?? [];
  if (privateKey === undefined || own === undefined) {
    throw unusableFile(NAME, 'must name a PEM file with both a certificate and its private key');
  }
  if (isOtherThanRsa(privateKey)) throw unusableFile(NAME, 'names a key that is not RSA, as Entra needs it');
  const fingerprint = fingerprintOf(own, privateKey);
  if (fingerprint === undefined) throw unusableFile(NAME, 'names a certificate and a key that do not belong together');
  return { thumbprintSha256: fingerprint.replaceAll(':', ''), privateKey, x5c: [own, ...issuers].join('\n') };
}

/** Undefined if one of both cannot be read, or if the key is that of another certificate. */
function fingerprintOf(certificate: string, privateKey: string): string | undefined {
  try {
    const parsed = new X509Certificate(certificate);
    return parsed.checkPrivateKey(createPrivateKey(privateKey)) ? parsed.fingerprint256 : undefined;
  } catch {
    return undefined;
  }
}

function isOtherThanRsa(privateKey: string): boolean {
  try {
    return createPrivateKey(privateKey).asymmetricKeyType !== 'rsa';
  } catch {
    return false;
  }
}

/** Reads the token by which a workload signs in. @throws Fault `sign_in_failed` */
export function readAssertion(file: string): string {
  const name = 'AZURE_FEDERATED_TOKEN_FILE';
  const assertion = readSecretText(name, file).trim();
  if (!/^[\x21-\x7e]+$/.test(assertion)) throw unusableFile(name, 'does not hold a token alone');
  return assertion;
}

/** @param name of the variable that names the file. @throws Fault `sign_in_failed` */
function readSecretText(name: string, file: string): string {
  try {
    return readSmallText(file);
  } catch (error) {
    throw unusableFile(name, error instanceof RangeError ? error.message : 'names a file that cannot be read');
  }
}
