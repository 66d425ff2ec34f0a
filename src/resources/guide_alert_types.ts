import * as z from 'zod';
import { defineResource } from '../tool/resource.ts';
import { FAMILIES_GUIDE } from './guide_text.ts';

export default defineResource({
  uri: 'mdca://guides/alert-types',
  name: 'guide-alert-types',
  title: 'Guide: kinds of alerts',
  description: 'The families of alerts, each with a page on how to decide it.',
  mimeType: 'text/markdown',
  params: z.strictObject({}),
  read: async () => FAMILIES_GUIDE,
});
