import { mergeProfiles, previewPart, type DatasetProfile } from '@floe/tasks/profiles';

type StoredPart = { readonly name: string; readonly content: Buffer };

/** The previews of the parts of a dataset as one of the whole. */
export function mergePreviews(stored: readonly StoredPart[]): Buffer {
  const parts = stored
    .flatMap(({ name, content }) => {
      const part = previewPart(name);
      const profile = JSON.parse(content.toString('utf8')) as DatasetProfile;
      return part === undefined ? [] : [{ ...part, profile }];
    })
    .toSorted((a, b) => a.index - b.index);
  const profiles = parts.map(({ profile }) => profile);
  const whole = mergeProfiles(profiles, parts[0]?.count ?? 0);
  return Buffer.from(JSON.stringify(whole), 'utf8');
}
