/**
 * A whole number from 0 to below `below` that looks random and depends on the seed only, so that the tenant has the
 * same irregularities at each start.
 */
export function vary(seed: string, below: number): number {
  return hash(seed, 0x811c9dc5) % below;
}

/** `words` times eight hex digits that depend on the seed only; much quicker than a cryptographic hash. */
export function digitsOf(seed: string, words: number): string {
  const [first, second] = [hash(seed, 0x9e3779b1), hash(seed, 0x85ebca77)];
  let digits = '';
  for (let word = 0; word < words; word += 1) {
    const value = mixed(first + Math.imul(word, second | 1));
    for (let shift = 24; shift >= 0; shift -= 8) digits += HEX[(value >>> shift) & 0xff];
  }
  return digits;
}

/** Two hex digits for each byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

// FNV-1a; the mixing is for seeds that differ in their last letters only.
function hash(seed: string, start: number): number {
  let value = start;
  for (let index = 0; index < seed.length; index += 1) value = Math.imul(value ^ seed.charCodeAt(index), 0x01000193);
  return mixed(value);
}

function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
