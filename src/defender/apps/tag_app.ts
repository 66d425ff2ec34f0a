import * as z from 'zod';
import { Fault, toFault } from '../../core/errors.ts';
import type { ReadApi, WriteApi } from '../../http/client.ts';
import type { Approved, Plan, Target } from '../../tool/plan.ts';
import { WriteOutput } from '../../tool/write_output.ts';
import { notFoundOf } from '../shared/finds.ts';
import { type Remedies, withRemedies } from '../shared/remedies.ts';
import { shortList, wireCount } from '../shared/wire.ts';
import {
  afterFailure,
  isNotServed,
  onRoute,
  readOrUndefined,
  refusalOf,
  unknownOutcome,
  writeOnce,
} from '../shared/write_once.ts';
import { toAppName, WireApp } from './app_name.ts';

/** The literals that the service's own tag list uses (docs/defender-api.md 7.1). */
const Tag = z.enum(['Sanctioned', 'Unsanctioned']);
type Tag = z.output<typeof Tag>;

const TagChange = WriteOutput(['tagged', 'already_tagged', 'not_tagged', 'unverified'], {
  app_id: z.int().meta({ description: 'app_id' }),
  tag: Tag.meta({ description: 'Tag asked for' }),
  verified: z.boolean().meta({ description: 'Read back' }),
});
type TagChange = z.output<typeof TagChange>;

interface TagRequest {
  readonly app_id: number;
}

/** The common parts of the tools that tag an app; each tool adds its texts and its input. */
export function tagging(tag: Tag) {
  return {
    output: TagChange,
    targets: 'app_id',
    plan: ({ app_id }: TagRequest, api: ReadApi) => planTag(api, app_id, tag),
    commit: ({ targets: [app] }: Approved<TagChange>, _input: object, api: WriteApi) => tagApp(api, app, tag),
    after: ({ app_id, status }: TagChange) => ({ [app_id]: status === 'tagged' ? tag : status }),
  } as const;
}

/** What each tag does (docs/defender-api.md 7.2). */
const EFFECTS = {
  Sanctioned: 'It counts as approved, and a block by the unsanctioned tag is lifted.',
  Unsanctioned:
    'WARNING: endpoints linked through Microsoft Defender for Endpoint, and linked proxies, then block it for ' +
    'everyone, within about three hours.',
} as const;

const REMEDIES: Readonly<Record<Tag, Remedies>> = {
  Sanctioned: notFoundOf('app'),
  Unsanctioned: { ...notFoundOf('app'), rejected: 'A protected app cannot be unsanctioned.' },
};

async function planTag(api: ReadApi, appId: number, tag: Tag): Promise<Plan<TagChange>> {
  const present = await readOrUndefined(() => readTag(api, appId), isNotServed);
  const alreadySet = present === tag;
  const asked = { app_id: appId, tag };
  const name = alreadySet ? undefined : await readOrUndefined(() => readName(api, appId));
  const id = String(appId);
  const facts = name === undefined ? 'its name could not be read' : undefined;
  return {
    phrase: `${tag === 'Sanctioned' ? 'sanction' : 'unsanction'} ${id}`,
    does: `Tag 1 app as ${tag.toLowerCase()}. ${EFFECTS[tag]}`,
    targets: alreadySet ? [] : [{ id, state: present ?? 'unknown', facts, untrusted: { name } }],
    leftOut: alreadySet ? [{ id, why: `already ${tag.toLowerCase()}` }] : [],
    current: { ...asked, status: alreadySet ? 'already_tagged' : 'not_tagged', verified: alreadySet },
  };
}

function readName(api: ReadApi, appId: number): Promise<string | undefined> {
  return onRoute(api, 'MDCA_ROUTE_GET_APP', appId, async (path) => {
    const wire = await api.read(path, WireApp);
    if ([wire.appId, wire.id, wire._id].some((id) => id !== undefined && id !== appId)) {
      throw new Fault('unreadable', 'The service returned another app than was asked for.');
    }
    return toAppName(wire);
  });
}

/** Tags an app once, then reads its tags back and reports what was read. */
async function tagApp(api: WriteApi, { id, state }: Target, tag: Tag): Promise<TagChange> {
  const appId = Number(id);
  const asked = { app_id: appId, tag };
  const writeFault = await writeOnce(() =>
    withRemedies(REMEDIES[tag], () =>
      onRoute(api, 'MDCA_ROUTE_TAG_APP', appId, (path) => api.write(path, z.unknown(), { tagName: tag })),
    ),
  );
  const read = await readTag(api, appId).catch(toFault);
  if (read instanceof Fault) {
    if (writeFault) throw unknownOutcome(writeFault, read);
    return { ...asked, status: 'unverified', verified: false, warning: `Accepted, but not verified: ${read.detail}` };
  }
  const verified = read === tag;
  const refused = read === state ? refusalOf(writeFault) : undefined;
  if (refused) throw refused;
  const sentences = [
    writeFault && afterFailure(writeFault, verified),
    !verified && `The app does not carry the tag ${tag}.`,
  ].filter(Boolean);
  const warning = sentences.length === 0 ? undefined : sentences.join(' ');
  return { ...asked, status: verified ? 'tagged' : 'not_tagged', verified, warning };
}

/** A tenant has some of its own. */
const MOST_TAGS = 1_000;
const TagCount = z.object({ id: z.string(), count: wireCount });
const TagCounts = z.object({ data: shortList(MOST_TAGS).pipe(z.array(TagCount)) });

/** Of these an app has one (docs/defender-api.md 7.1, T5); other tags stand beside them. */
const EXCLUSIVE: readonly string[] = [...Tag.options, 'None'];

/** Reads the tag of an app: asks how many apps with this id carry each tag (docs/defender-api.md 7.1, T5). */
function readTag(api: ReadApi, appId: number): Promise<Tag | 'untagged'> {
  return onRoute(api, 'MDCA_ROUTE_APP_TAGS', appId, async (path) => {
    const { data } = await api.read(path, TagCounts, { skip: 0, filters: { appId: { eq: [appId] } } });
    // The answer names no app, so only its counts tell that the filter has worked.
    const isOfOne = data.every(({ count }) => count === 0 || count === 1);
    const found = data.filter(({ id, count }) => EXCLUSIVE.includes(id) && count === 1);
    if (!isOfOne || found.length > 1) {
      throw new Fault('unreadable', 'The tags that were read are not those of one app.');
    }
    return Tag.options.find((name) => name === found[0]?.id) ?? 'untagged';
  });
}
