/**
 * Events about what sessions refuse: limits that an administrator set, and logons. Each is told at once and then summed up,
 * for a client can cause them as often as it likes.
 */
import { countedBy, perWindow } from '../../domain/message-rate.ts';
import { AUTHENTICATED } from '../../domain/permissions.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { EVENTS } from './event-table.ts';
import type { RefusalThrottle } from './event-throttle.ts';

/** As `onRefusal` of a session's services. */
export function refusalEvents(
  throttle: RefusalThrottle,
): (connector: SessionConnector, source: string, refusal: Refusal) => void {
  return ({ guid, now: { Name } }, source, { because }) => {
    if (because.kind === 'fault' && (because.fault === 'ProxyHeader' || because.fault === 'Xclient'))
      throttle.count(`front end ${guid} ${source}`, () =>
        EVENTS.untrustedFrontEnd(Name, source, because.fault === 'ProxyHeader'),
      );
    else if (because.kind === 'user') logonFailed(because.mechanism);
    else if (because.kind === 'right') {
      const { right, user, principals } = because;
      if (right === 'SMTP-Submit' && principals.includes(AUTHENTICATED))
        throttle.count(`rejected ${guid} ${user}`, () => EVENTS.authorizationRejected(Name, source, user));
    } else if (because.kind === 'setting') {
      const { setting, connector } = because;
      if (setting === 'MessageRateLimit') {
        const { MessageRateLimit } = connector;
        throttle.count(`rate ${guid} ${source}`, () =>
          EVENTS.messageRate(Name, source, MessageRateLimit, {
            window: perWindow(connector),
            by: countedBy(connector),
          }),
        );
      } else if (setting === 'FaultRules') {
        const { asked, allowed } = because;
        throttle.count(`fault ${guid} ${source} ${allowed}`, () =>
          EVENTS.faultOnPurpose(Name, source, String(asked), String(allowed)),
        );
      } else if (setting === 'MaxLogonFailures') {
        logonFailed(String(because.asked));
        throttle.count(`logons ${guid} ${source}`, () =>
          EVENTS.tooManyLogons(Name, source, connector.MaxLogonFailures),
        );
      }
    }

    function logonFailed(mechanism: string): void {
      throttle.count(`logon ${guid} ${source}`, () => EVENTS.logonFailed(Name, source, mechanism));
    }
  };
}
