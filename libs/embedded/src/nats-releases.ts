// Of the 2.12 line: durable JetStream (`sync_interval: always`) as Floe's deployments pin it.
const VERSION = '2.12.3';

/**
 * The release of nats-server that Floe fetches. Checksums are not pinned here: the release's own list of them
 * (SHA256SUMS) comes over TLS from the same place and the archive is verified against it. That finds a broken or
 * mixed-up download; it does not defend against a forged release.
 */
export const NATS_RELEASE_URL = `https://github.com/nats-io/nats-server/releases/download/v${VERSION}`;

const RELEASE_OS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const RELEASE_CPU: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Like `nats-server-v2.12.3-linux-amd64`: the name of the archive and of the folder in it. Undefined: none is made. */
export function natsReleaseName(platform: string, cpu: string): string | undefined {
  const os = RELEASE_OS[platform];
  const arch = RELEASE_CPU[cpu];
  return os && arch ? `nats-server-v${VERSION}-${os}-${arch}` : undefined;
}
