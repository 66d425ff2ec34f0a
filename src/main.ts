#!/usr/bin/env node
import { enableCompileCache } from './cli/compile_cache.ts';

enableCompileCache();
// What is loaded from here on is compiled once for many starts.
void import('./cli/run.ts');
