import { useEffect } from 'react';
import { floe } from '../api.ts';
import { Link } from '../components/link.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { navigate } from '../router.ts';
import { useAnswer } from '../use-answer.ts';

/** The link to a saved view leads to whatever page it is of now. */
export function ViewPage({ viewId }: { readonly viewId: string }) {
  const { value, error, reload } = useAnswer({
    key: `view ${viewId}`,
    call: () => floe.getView(viewId),
  });
  const address = value?.address;
  useEffect(() => {
    if (address !== undefined) navigate(address, 'replace');
  }, [address]);
  if (error === undefined) return <p className="page muted loading">Opening the view …</p>;
  return (
    <div className="page">
      <ProblemBanner title="The view cannot be shown." error={error} onRetry={reload} />
      <Link to="/runs">Go to the runs</Link>
    </div>
  );
}
