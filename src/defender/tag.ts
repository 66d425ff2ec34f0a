import { z } from 'zod';
import { Fault, toFault } from '../errors.ts';
import type { Api } from '../http/api.ts';
import { wireCount } from '../model/wire.ts';
import { onRoute, unknownOutcome, writeOnce } from './write.ts';

/** The literals that the service's own tag list uses (defender-api.md §4, §12.7). */
const Tag = z.enum(['Sanctioned', 'Unsanctioned']);
type Tag = z.output<typeof Tag>;

export const TagChange = z.strictObject({
  status: z.enum(['tagged', 'not_tagged', 'unverified']).meta({ description: 'State read back' }),
  app_id: z.int().meta({ description: 'app_id' }),
  tag: Tag.meta({ description: 'Tag asked for' }),
  verified: z.boolean().meta({ description: 'Read back' }),
  warning: z.string().optional().meta({ description: 'If not as asked' }),
});
export type TagChange = z.output<typeof TagChange>;

const TagCounts = z.object({ data: z.array(z.object({ id: z.string(), count: wireCount })) });

/** Tags an app once, then reads its tags back and reports what was read. */
export async function tagApp(api: Api, appId: number, tag: Tag): Promise<TagChange> {
  const asked = { app_id: appId, tag };
  const doubt = await onRoute(api, 'MDCA_ROUTE_TAG_APP', appId, (path) =>
    writeOnce(() => api.write(path, z.unknown(), { tagName: tag })),
  );
  try {
    const verified = await hasTag(api, appId, tag);
    const sentences = [
      doubt && `The request failed (${doubt.code}) and was not repeated; this is the state read afterwards.`,
      !verified && `The app does not carry the tag ${tag}.`,
    ].filter(Boolean);
    const warning = sentences.length === 0 ? undefined : sentences.join(' ');
    return { ...asked, status: verified ? 'tagged' : 'not_tagged', verified, warning };
  } catch (error) {
    const reading = toFault(error);
    if (doubt) throw unknownOutcome(doubt, reading);
    return {
      ...asked,
      status: 'unverified',
      verified: false,
      warning: `Accepted, but not verified: ${reading.detail}`,
    };
  }
}

/** Asks how many apps of this one id carry each tag (T5 of defender-api.md §3.7). */
function hasTag(api: Api, appId: number, tag: Tag): Promise<boolean> {
  return onRoute(api, 'MDCA_ROUTE_APP_TAGS', appId, async (path) => {
    const { data } = await api.read(path, TagCounts, { skip: 0, filters: { appId: { eq: [appId] } } });
    const countOf = (name: Tag) => data.find(({ id }) => id === name)?.count ?? 0;
    if (countOf('Sanctioned') + countOf('Unsanctioned') > 1) {
      throw new Fault('unreadable', 'The tags that were read are not those of one app.');
    }
    return countOf(tag) === 1;
  });
}
