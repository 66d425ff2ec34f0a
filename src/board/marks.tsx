import type { Severity } from './alerts.ts';
import type { Source } from './places.ts';

const SHORT: Readonly<Record<Severity, string>> = {
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'Info',
  unknown: 'Unknown',
};

/** A severity by its word; the dot only helps the eye. */
export function SeverityMark({ of }: { readonly of: Severity }) {
  return (
    <span class="severity" data-severity={of}>
      <span class="dot" aria-hidden="true" />
      {SHORT[of]}
    </span>
  );
}

/** The category of an address; a risky one is told by a word, and by colour. */
export function SourceMark({ source: { category, isRisky } }: { readonly source: Source }) {
  if (category === '') return null;
  const word = category.toLowerCase();
  return isRisky ? <span class="tag risky">⚠ {word}</span> : <span class="tag">{word}</span>;
}

/** A code of the service as words: `false_positive`. */
export function inWords(code: string): string {
  return code.replaceAll('_', ' ');
}
