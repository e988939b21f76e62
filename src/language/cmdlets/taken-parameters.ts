/** Parameters that are taken and not asked for, written short. */
import type { Parameter } from '../../pipeline/parameter.ts';

/** @param text names apart by spaces: `Name:0` takes the first argument without a name, `Name:0*` all further ones too, `Name!` is a switch */
export function takenParameters(text: string): readonly Parameter[] {
  return text.split(' ').map((word) => {
    const [, name, position, rest, isSwitch] = /^(\w+)(?::(\d+)(\*)?)?(!)?$/.exec(word)!;
    const common = { name: name!, help: 'Taken for the sake of scripts.' };
    if (isSwitch) return { ...common, type: 'switch' };
    return {
      ...common,
      type: 'value',
      placeholder: 'VALUE',
      ...(position === undefined ? {} : { position: Number(position), rest: rest !== undefined }),
    };
  });
}
