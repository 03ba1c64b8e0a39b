/** What a page hears over a WebSocket of the gateway. */
export type Heard = {
  /** All texts, one after the other. */
  readonly text: string;
  readonly closeCode: number;
  readonly protocol: string;
};

/** Opens one and listens until it is closed; rejects when it is refused. */
export function listen(
  url: string,
  options: { readonly protocols?: string[]; readonly headers?: Record<string, string> } = {},
): Promise<Heard> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), options);
  return new Promise((resolve, reject) => {
    let text = '';
    let isOpen = false;
    socket.addEventListener('open', () => {
      isOpen = true;
    });
    socket.addEventListener('message', ({ data }) => {
      text += String(data);
    });
    socket.addEventListener('close', ({ code }) => {
      if (isOpen) resolve({ text, closeCode: code, protocol: socket.protocol });
      else reject(new Error('the WebSocket was refused'));
    });
  });
}
