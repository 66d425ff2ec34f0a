import type { Evidence, Item } from './alerts.ts';
import { SourceMark } from './marks.tsx';
import { readSource, type Source } from './places.ts';
import { Row } from './row.tsx';
import { Timeline } from './timeline.tsx';

interface Props {
  readonly evidence: Evidence;
  readonly others: readonly Item[] | undefined;
  readonly now: number;
  readonly onOpen: (item: Item) => void;
}

/** What is known of an alert: its activities, where they came from, and what else its user has. */
export function EvidencePane({ evidence, others, now, onOpen }: Props) {
  const { alert, sources: lines = [] } = evidence;
  const sources = lines.map(readSource);
  const [user] = alert.users ?? [];
  return (
    <div class="evidence">
      {alert.description && <p dir="auto">{alert.description}</p>}
      <Facts evidence={evidence} />
      <section aria-labelledby="timeline">
        <h3 id="timeline">Timeline</h3>
        <Timeline evidence={evidence} sources={sources} />
      </section>
      {sources.length > 0 && (
        <section aria-labelledby="places">
          <h3 id="places">Where from</h3>
          <Places evidence={evidence} sources={sources} />
        </section>
      )}
      {user && (
        <section aria-labelledby="others">
          <h3 id="others">Other alerts of {user.name ?? user.id}</h3>
          {others === undefined && <p class="quiet">Reading…</p>}
          {others?.length === 0 && <p class="quiet">None found.</p>}
          <ul class="others">
            {others?.map((item) => (
              <Row key={item.id} item={item} now={now} onOpen={onOpen} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Facts({ evidence: { alert, apps = [] } }: Pick<Props, 'evidence'>) {
  const named = apps.filter((app) => alert.apps?.some((id) => app.split(' ', 1)[0] === String(id)));
  const rows = [
    ['Users', alert.users?.map((user) => user.name ?? user.id).join(', ')],
    ['Apps', named.map((app) => app.replace(/^\d+ /, '')).join(', ')],
    ['Files', alert.files?.join(', ')],
    ['Devices', alert.devices?.join(', ')],
    ['Handled by', alert.handled_by],
    ['Comment', alert.comment],
  ] as const;
  return <dl class="known">{rows.map(([name, value]) => value && <Fact key={name} name={name} value={value} />)}</dl>;
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Each source once: risky ones first, then those with the most activities. */
function Places({ evidence, sources }: Pick<Props, 'evidence'> & { readonly sources: readonly Source[] }) {
  const countOf = ({ number }: Source) =>
    evidence.activities.reduce((sum, { source, count = 1 }) => sum + (source === number ? count : 0), 0);
  const sorted = sources.toSorted((a, b) => Number(b.isRisky) - Number(a.isRisky) || countOf(b) - countOf(a));
  return (
    <ul class="places">
      {sorted.map((source) => (
        <li key={source.number} data-risky={source.isRisky}>
          <span class="where">{source.place || 'Unknown place'}</span> <SourceMark source={source} />
          <span class="quiet">
            <span class="code">{source.address}</span> {source.rest.join(' · ')}
          </span>
          <span class="quiet count">{countOf(source)}×</span>
        </li>
      ))}
    </ul>
  );
}
