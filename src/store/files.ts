/** The calls the store makes of the file system: one object, so that tests can hand in one whose disk is full or fails. */

/** The machine's own. Not by a default import: a bundle copies the whole of `node:fs` for one, at every start. */
export const realFiles = process.getBuiltinModule('node:fs');

export type Files = typeof realFiles;
