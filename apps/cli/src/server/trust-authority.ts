import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { FloeError } from '@floe/errors';

/** A PEM file, and the option or variable that names it. */
export type NamedFile = { readonly path: string; readonly setting: string };

/**
 * Lets this process trust the authority of a gateway besides those that everybody trusts. Throws CONFIGURATION_INVALID
 * when the file is none.
 */
export async function trustAuthority(file: NamedFile): Promise<void> {
  setDefaultCACertificates([...getCACertificates('default'), await readAuthority(file)]);
}

async function readAuthority(file: NamedFile): Promise<string> {
  const pem = await readFile(file.path, 'utf8').catch((thrown: unknown) => {
    throw wrongFile(file, 'cannot be read', thrown);
  });
  try {
    return new X509Certificate(pem).toString();
  } catch (thrown) {
    throw wrongFile(file, 'is no certificate', thrown);
  }
}

function wrongFile({ path, setting }: NamedFile, problem: string, cause: unknown): FloeError {
  return new FloeError('CONFIGURATION_INVALID', `${setting}: ${path} ${problem}`, {
    cause,
    hint: 'It is the PEM file with the certificate of the authority that signed that of the gateway.',
  });
}
