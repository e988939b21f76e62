/** An event on its way to whoever wants to be told. */
import type { EventRecord } from '../../../control/listener-client.ts';

/** An event as others are told it. */
export interface Announcement extends Required<EventRecord> {
  /** Of this event alone, the same at every try. */
  readonly delivery: string;
  /** Name of the server whose listener it is, and the version of rc. */
  readonly server: string;
  readonly version: string;
}
