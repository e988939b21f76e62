/** Get-ListenerStatus on a terminal: one screen of 80 columns, what is in trouble first. */
import { PRESSURE_MEANS } from '../domain/pressure.ts';
import { property } from '../pipeline/property-expression.ts';
import type { PsObject } from '../pipeline/value.ts';
import type { StyledLine, Teller } from './record.ts';
import { line, listed, mendLines, textOf as text, whole } from './styled-lines.ts';

/** Rows of connectors; rc get and rc top show all. */
const MOST_CONNECTORS = 8;
const MOST_FINDINGS = 5;
const MOST_TEMPORARY = 5;
const NAME = 32;
const FIGURE = 9;

export class StatusTeller implements Teller {
  /** The fleet as the server before told it. */
  #fleet = '';

  tell(object: PsObject): readonly StyledLine[] {
    const list = (name: string) => (property(object, name) ?? []) as readonly PsObject[];
    return [
      ...listener(object, this.#fleetNews(object)),
      ...connectors(list('Connectors')),
      ...temporary(list('Temporary')),
      ...sources(list('Sources')),
      ...refusals(list('Refusals')),
      ...findings(list('Findings')),
      line(0, ''),
    ];
  }

  /** Of several servers the same is told once. */
  #fleetNews(object: PsObject): StyledLine[] {
    const fleet = text(object, 'Fleet');
    if (!fleet || fleet === this.#fleet) return [];
    this.#fleet = fleet;
    return [line(2, `fleet ${fleet}`, / listener\(s\)$/.test(fleet) ? undefined : 'bad')];
  }
}

const number = (object: PsObject, name: string) => Number(property(object, name) ?? 0);
const right = (value: string | number) => String(value).padStart(FIGURE);

function cut(value: string, cells: number): string {
  const characters = [...value];
  return characters.length > cells ? `${characters.slice(0, cells - 1).join('')}…` : value.padEnd(cells);
}

function listener(object: PsObject, fleetNews: readonly StyledLine[]): StyledLine[] {
  const state = text(object, 'State');
  const server = text(object, 'Fleet') ? `${text(object, 'Server')}: ` : '';
  const home = line(2, `home ${text(object, 'Home')}`);
  if (state === 'Stopped') return [line(0, 'No listener runs: nobody takes mail. To start it: rc serve', 'bad'), home];
  const started = property(object, 'StartedAt');
  const since =
    started instanceof Date && state !== 'Stopping'
      ? ` since ${started.toISOString().slice(0, 16).replace('T', ' ')}Z`
      : '';
  const [applied, wanted] = [text(object, 'Generation'), text(object, 'GenerationWanted')];
  const generation = applied === wanted ? `generation ${applied}` : `generation ${applied} of ${wanted}`;
  const head = `${server}${state}${since} (process ${text(object, 'Pid')}), ${generation}, ${text(object, 'Connections')} open`;
  const lines = [line(0, head, state === 'Running' ? 'good' : 'bad'), home];
  if (state === 'Stopping')
    lines.push(line(2, 'It was told to end: nobody is let in, and those who are in finish.', 'bad'));
  lines.push(...fleetNews);
  const pressure = text(object, 'Pressure');
  if (pressure === 'Medium' || pressure === 'High') {
    const short = listed(object, 'UnderPressure', '; ');
    lines.push(line(2, `Back pressure ${pressure}: ${short}: ${PRESSURE_MEANS[pressure]}`, 'bad'));
  }
  if (text(object, 'LastError')) lines.push(line(2, text(object, 'LastError'), 'bad'));
  return lines;
}

function connectors(rows: readonly PsObject[]): StyledLine[] {
  if (!rows.length) return [];
  const trouble = (c: PsObject) =>
    Number(marksOf(c) !== '') * 1000 + number(c, 'PercentUsed') + (property(c, 'Enabled') === false ? -500 : 0);
  const sorted = [...rows].sort((a, b) => trouble(b) - trouble(a));
  const head = `${'Connector'.padEnd(NAME)}${right('Open')}${right('Limit')}${right('Use')}${right('Refused')}`;
  const lines = [line(0, ''), whole(2, head, 'heading')];
  for (const c of sorted.slice(0, MOST_CONNECTORS)) {
    const figures = [text(c, 'Open'), text(c, 'Limit'), `${number(c, 'PercentUsed')} %`, text(c, 'Refused')];
    const marks = marksOf(c);
    const disabled = property(c, 'Enabled') === false ? '  disabled' : '';
    lines.push(whole(2, `${cut(text(c, 'Name'), NAME)}${figures.map(right).join('')}${disabled}`));
    if (marks) lines.push(line(4, marks, 'bad'));
  }
  if (rows.length > MOST_CONNECTORS) lines.push(line(2, `and ${rows.length - MOST_CONNECTORS} more: rc top`));
  return lines;
}

function marksOf(c: PsObject): string {
  const closed = listed(c, 'NotOpen');
  const full = number(c, 'FullSources');
  return [
    closed && `NOT OPEN: ${closed}`,
    number(c, 'Limit') > 0 && number(c, 'Open') >= number(c, 'Limit') ? 'FULL: its limit is reached' : '',
    full ? `FULL for ${full === 1 ? '1 source' : `${full} sources`}` : '',
  ]
    .filter(Boolean)
    .join('; ');
}

function temporary(rows: readonly PsObject[]): StyledLine[] {
  if (!rows.length) return [];
  const lines = rows.slice(0, MOST_TEMPORARY).map((row) => line(4, text(row, 'Summary')));
  if (rows.length > MOST_TEMPORARY) lines.push(line(4, `and ${rows.length - MOST_TEMPORARY} more: rc temporary`));
  return [line(0, ''), line(2, 'Temporary', 'heading'), ...lines];
}

function sources(rows: readonly PsObject[]): StyledLine[] {
  if (!rows.length) return [];
  const lines = [line(0, ''), line(2, 'Busiest sources', 'heading')];
  for (const s of rows) {
    const [open, limit, refused] = [number(s, 'Open'), text(s, 'Limit'), number(s, 'RefusedHour')];
    const by = listed(s, 'RefusedBy');
    const full = number(s, 'PercentUsed') >= 100 && limit !== 'Unlimited';
    const told = [
      `${open} of ${limit}${full ? ', FULL' : ''}`,
      text(s, 'Connector'),
      refused ? `${refused} refused this hour${by ? ` (${by})` : ''}` : '',
    ];
    lines.push(line(4, `${text(s, 'Source').padEnd(16)} ${told.filter(Boolean).join('; ')}`, full ? 'bad' : undefined));
  }
  return lines;
}

function refusals(rows: readonly PsObject[]): StyledLine[] {
  if (!rows.length) return [];
  const lines = [line(0, ''), line(2, 'Last refusals', 'heading')];
  for (const r of rows) {
    const time = property(r, 'Time');
    const at = time instanceof Date ? time.toISOString().slice(0, 19).replace('T', ' ') : '';
    lines.push(line(4, `${at}Z  ${text(r, 'Summary')}`));
  }
  return lines;
}

function findings(rows: readonly PsObject[]): StyledLine[] {
  const lines = rows
    .slice(0, MOST_FINDINGS)
    .flatMap((f) => [
      line(
        4,
        `${text(f, 'Severity')}: ${text(f, 'Subject')}: ${text(f, 'Problem')}`,
        text(f, 'Severity') === 'Error' ? 'bad' : undefined,
      ),
      ...mendLines(6, property(f, 'Mend')),
    ]);
  if (rows.length > MOST_FINDINGS) lines.push(line(4, `and ${rows.length - MOST_FINDINGS} more: rc doctor`));
  return lines.length ? [line(0, ''), line(2, 'Findings', 'heading'), ...lines] : [];
}
