import * as z from 'zod';
import { Fault } from '../core/errors.ts';
import { defineResource } from '../tool/resource.ts';
import { ALERT_FAMILIES } from './alert_families.ts';
import { familyGuide } from './guide_text.ts';

export default defineResource({
  uri: 'mdca://guides/alert-types/{family}',
  name: 'guide-alert-type',
  title: 'Guide: one kind of alert',
  description: 'When alerts of a family are real, when they are not, what to look at, and what to do.',
  mimeType: 'text/markdown',
  params: z.strictObject({ family: z.string().max(100) }),
  async read({ family }) {
    const found = ALERT_FAMILIES.find(({ id }) => id === family);
    if (!found) throw new Fault('not_found', 'There is no such family. mdca://guides/alert-types lists them.');
    return familyGuide(found);
  },
  complete: { family: async () => ALERT_FAMILIES.map(({ id }) => id) },
});
