/** Events of the page and the API. Part of the table of events. */
import type { ListenerEvent } from '../contracts/event-log.ts';

export const HTTP_EVENTS = {
  pageOpen: (url: string): ListenerEvent => ({
    id: 17090,
    level: 'Information',
    message: `The page is on ${url}.`,
    data: { url },
  }),
  pagePlain: (url: string): ListenerEvent => ({
    id: 17091,
    level: 'Warning',
    message: `The page on ${url} is plain HTTP and not on loopback: who is on the way reads and changes what it shows. Better: --web 127.0.0.1:PORT and a tunnel (ssh -L).`,
    data: { url },
  }),
  pageTokenWrong: (address: string): ListenerEvent => ({
    id: 17092,
    level: 'Warning',
    message: `The page was asked with a wrong token from '${address}'.`,
    data: { address },
  }),

  apiOpen: (url: string): ListenerEvent => ({
    id: 17093,
    level: 'Information',
    message: `The API is on ${url}.`,
    data: { url },
  }),
  apiPlain: (url: string): ListenerEvent => ({
    id: 17094,
    level: 'Warning',
    message: `The API on ${url} is plain HTTP and not on loopback: who is on the way reads the token and the mail. Better: --api 127.0.0.1:PORT and a tunnel (ssh -L).`,
    data: { url },
  }),
  apiTokenWrong: (address: string): ListenerEvent => ({
    id: 17095,
    level: 'Warning',
    message: `The API was asked with a wrong token from '${address}'.`,
    data: { address },
  }),
};
