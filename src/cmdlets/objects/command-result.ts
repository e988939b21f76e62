/** What Group-Object and Measure-Object give: as text it is the name of its type, as in PowerShell. */
import { PsObject } from '../../pipeline/value.ts';

export class CommandResult extends PsObject {
  override toString(): string {
    return `Microsoft.PowerShell.Commands.${this.type}`;
  }
  override nested(): string {
    return String(this);
  }
}
