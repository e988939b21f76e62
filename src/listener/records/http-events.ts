/** Events of the page and the API. Part of the table of events. */
import { information, warning } from './event-row.ts';

export const HTTP_EVENTS = {
  pageOpen: (url: string) => information(17090, `The page is on ${url}.`, { url }),
  pagePlain: (url: string) =>
    warning(
      17091,
      `The page on ${url} is plain HTTP and not on loopback: who is on the way reads and changes what it shows. Better: --web 127.0.0.1:PORT and a tunnel (ssh -L).`,
      { url },
    ),
  pageTokenWrong: (address: string) =>
    warning(17092, `The page was asked with a wrong token from '${address}'.`, { address }),

  apiOpen: (url: string) => information(17093, `The API is on ${url}.`, { url }),
  apiPlain: (url: string) =>
    warning(
      17094,
      `The API on ${url} is plain HTTP and not on loopback: who is on the way reads the token and the mail. Better: --api 127.0.0.1:PORT and a tunnel (ssh -L).`,
      { url },
    ),
  apiTokenWrong: (address: string) =>
    warning(17095, `The API was asked with a wrong token from '${address}'.`, { address }),
};
