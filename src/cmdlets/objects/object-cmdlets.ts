/** The cmdlets that follow a Get-: choose, order, count, compare, show, write and read objects of any kind. */
import type { Cmdlet } from '../../pipeline/cmdlet.ts';
import { compareObject } from './compare-object.ts';
import { convertFromCsv, convertToCsv, exportCsv, importCsv } from './convert-csv.ts';
import { convertFromJson, convertFromYaml, convertToJson, convertToYaml } from './convert-json.ts';
import { convertToHtml, exportClixml, importClixml } from './convert-xml.ts';
import { forEachObject } from './foreach-object.ts';
import { formatList, formatTable, formatWide } from './format-object.ts';
import { getMember } from './get-member.ts';
import { groupObject } from './group-object.ts';
import { measureObject } from './measure-object.ts';
import { outDefault, outFile, outHost, outNull, outString, teeObject } from './out-objects.ts';
import { selectObject } from './select-object.ts';
import { sortObject } from './sort-object.ts';
import { whereObject } from './where-object.ts';

export const OBJECT_CMDLETS: readonly Cmdlet[] = [
  selectObject,
  whereObject,
  sortObject,
  groupObject,
  measureObject,
  forEachObject,
  compareObject,
  getMember,
  teeObject,
  formatTable,
  formatList,
  formatWide,
  outString,
  outFile,
  outNull,
  outHost,
  outDefault,
  convertToJson,
  convertFromJson,
  convertToCsv,
  convertFromCsv,
  exportCsv,
  importCsv,
  convertToHtml,
  exportClixml,
  importClixml,
  convertToYaml,
  convertFromYaml,
];
