import { CopyButton } from './copy-button.tsx';

/** A command for the terminal, to copy. */
export function CommandLine({ command }: { readonly command: string }) {
  return (
    <p className="command">
      <code>
        <span aria-hidden="true">$ </span>
        {command}
      </code>
      <CopyButton text={command} label="Copy the command" />
    </p>
  );
}
