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
  if (!isRisky) return <span class="tag">{word}</span>;
  return (
    <span class="tag risky">
      <Icon of="warning" /> {word}
    </span>
  );
}

/** A code of the service as words: `false_positive`. */
export function inWords(code: string): string {
  return code.replaceAll('_', ' ');
}

/** Drawn, because no font is sure to have them. */
const ICONS = {
  refresh: 'M13 3v3.5H9.5M12.6 6.5A5 5 0 1 0 13 9',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6v4m0 1v1.5',
  fullScreen: 'M6 3H3v3M10 3h3v3M6 13H3v-3M10 13h3v-3',
} as const;

/** A picture beside or in place of a word; the button that holds it has its name. */
export function Icon({ of }: { readonly of: keyof typeof ICONS }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={ICONS[of]} fill="none" stroke="currentColor" stroke-width="1.5" />
    </svg>
  );
}
