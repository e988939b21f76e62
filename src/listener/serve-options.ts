/** What `rc serve` is given: the parts it is made of, and what was typed. */
import type { Binding } from '../domain/value.ts';
import type { Home } from '../store/home.ts';
import type { ApiWanted, RunningApi } from './api/open-api.ts';
import type { RunCmdlets } from './api/surroundings.ts';
import type { Certificates } from './contracts/certificates-api.ts';
import type { Delivery } from './contracts/delivery-api.ts';
import type { EventLog } from './contracts/event-log.ts';
import type { LiveServer } from './contracts/live-server.ts';
import type { MessageRates } from './contracts/message-rates.ts';
import type { ProtocolLog } from './contracts/protocol-log-api.ts';
import type { RelayPlaces } from './contracts/relay-places.ts';
import type { StartSession } from './contracts/session-api.ts';
import type { MemoryBudget } from './memory-budget.ts';
import type { Page, PageWanted } from './web/open-page.ts';
import type { RunCommand } from './web/surroundings.ts';

/** The parts that speak SMTP, keep messages and write logs; main.ts puts the real ones in. */
export interface Parts {
  readonly startSession: StartSession;
  openCertificates(home: Home, events: EventLog): Certificates;
  openDelivery(
    home: Home,
    events: EventLog,
    server: () => LiveServer,
    shared: { readonly memory: MemoryBudget; readonly relays: RelayPlaces },
  ): Delivery;
  openProtocolLog(home: Home, server: () => LiveServer, events: EventLog): ProtocolLog;
  openRates(): MessageRates;
  /** Path of the workers' bundle. */
  readonly workerScript?: string;
  /** The page of `--web`. @throws Error that says why there cannot be one */
  openPage?(wanted: PageWanted): Page;
  /** The API of `--api`. @throws Error that says why there cannot be one */
  openApi?(wanted: ApiWanted): Promise<RunningApi>;
}

export interface ServeOptions {
  readonly home: Home;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** `npm start` of somebody who has just cloned it: says where things are. */
  readonly firstRun?: boolean;
  /** Says that it serves with a line of JSON for a program, and not with words. */
  readonly json?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** Processes that hold the sessions; 0 or left out: this one. */
  readonly workers?: number;
  /** `127.0.0.1:9464`: where Prometheus may ask. */
  readonly metrics?: Binding;
  /** `127.0.0.1:8025`: where the page is. */
  readonly web?: Binding;
  /** `127.0.0.1:8026`: where the API is; port 0 is any that is free. */
  readonly api?: Binding;
  /** Where its token is; api.token of the home when left out. */
  readonly apiTokenFile?: string;
  /** How the API runs cmdlets; without it there is none. */
  readonly runCmdlets?: RunCmdlets;
  /** How the page runs `rc`; without it there is no page. */
  readonly runCommand?: RunCommand;
  /** Only says whether it could start. */
  readonly check?: boolean;
  /** Lines on stderr as journald reads them: a level in front, no time, no colour. Left out: when stderr is the journal. */
  readonly journal?: boolean;
  /** How long sessions may finish their message at the end. */
  readonly graceMs?: number;
}
