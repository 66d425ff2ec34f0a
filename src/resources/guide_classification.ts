import * as z from 'zod';
import { defineResource } from '../tool/resource.ts';
import { CLASSIFICATION_GUIDE } from './guide_text.ts';

export default defineResource({
  uri: 'mdca://guides/classification',
  name: 'guide-classification',
  title: 'Guide: which verdict',
  description: 'True positive, benign or false positive: when, with which tool and reason.',
  mimeType: 'text/markdown',
  params: z.strictObject({}),
  read: async () => CLASSIFICATION_GUIDE,
});
