import type { JsonRecord } from '@floe/legacy';

/** A document of a source, or what there is to say of one that cannot be read. */
export type SourceRecord =
  | {
      readonly kind: 'document';
      /** Empty where the source does not say it. */
      readonly collection: string;
      /** Where it stood, for people, like `line 12`. */
      readonly place: string;
      readonly document: JsonRecord;
    }
  | {
      readonly kind: 'unreadable';
      readonly collection: string;
      readonly place: string;
      readonly reason: string;
      /** The beginning of what was read, for people. It may hold passwords. */
      readonly excerpt: string;
    };

export type Place = { readonly collection: string; readonly place: string };
