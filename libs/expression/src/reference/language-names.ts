import { EXPRESSIONS } from '../catalogue/catalogue.ts';
import { FRAME_METHODS } from '../catalogue/frames.ts';
import { signatureText } from './signature-text.ts';

/** A name that a text may use, as an editor offers it. */
export type LanguageName = {
  /** What stands before the dot: `pl`, a namespace like `str`, `frame`, or empty for any expression. */
  readonly space: string;
  readonly name: string;
  readonly signature: string;
  readonly summary: string;
};

/** Every name of the language, for editors. */
export function languageNames(): readonly LanguageName[] {
  return [
    ...EXPRESSIONS.map(({ name, parameters, summary }) => {
      const dot = name.indexOf('.');
      const short = name.slice(dot + 1);
      return {
        space: dot === -1 ? '' : name.slice(0, dot),
        name: short,
        ...told(parameters, summary),
      };
    }),
    ...FRAME_METHODS.map(({ name, parameters, summary }) => ({
      space: 'frame',
      name,
      ...told(parameters, summary),
    })),
  ];
}

function told(parameters: Parameters<typeof signatureText>[0], summary: string) {
  return { signature: signatureText(parameters), summary };
}
