/** Imports point downwards only (docs/architecture.md), and the way of `rc get` loads nothing heavy at its start. */
import { globSync, readFileSync } from 'node:fs';
