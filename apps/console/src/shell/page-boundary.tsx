import { Component } from 'react';
import type { ReactNode } from 'react';
import { ProblemBanner } from '../components/problem-banner.tsx';

export type PageBoundaryProps = { readonly children: ReactNode };

type Fault = { readonly thrown: unknown };

/**
 * Keeps what goes wrong in a page within it: the rest of the console goes on. Parts of pages come when they are wanted; those
 * of a console that was replaced meanwhile, or that a gateway away at the moment would send, come with the page anew.
 */
export class PageBoundary extends Component<PageBoundaryProps, { readonly fault?: Fault }> {
  override state: { readonly fault?: Fault } = {};

  static getDerivedStateFromError(thrown: unknown) {
    return { fault: { thrown } };
  }

  override render() {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    return (
      <div className="page">
        <ProblemBanner
          title="This page cannot be shown. Load it anew; what you have written is kept."
          error={fault.thrown}
          onRetry={() => globalThis.location.reload()}
        />
      </div>
    );
  }
}
