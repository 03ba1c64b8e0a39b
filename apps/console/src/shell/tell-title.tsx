import { useEffect, useState } from 'react';

/**
 * Says the title of the page where only readers of the screen hear it, each time that it changes: a page without a reload is
 * otherwise entered in silence. That of a run begins with its state, so that its end is told, too.
 */
export function TellTitle() {
  const [title, setTitle] = useState('');
  useEffect(() => {
    const seen = new MutationObserver(() => setTitle(document.title));
    const element = document.querySelector('title');
    if (element !== null) seen.observe(element, { childList: true });
    return () => seen.disconnect();
  }, []);
  return (
    <p role="status" className="visually-hidden">
      {title}
    </p>
  );
}
