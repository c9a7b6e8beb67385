"use client";

import { Component, type ReactNode } from "react";

export class DashboardErrorBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    if (!this.state.crashed) return this.props.children;
    return (
      <div role="alert" className="crash" data-testid="dashboard-error-boundary">
        <h1>Application error</h1>
        <p>A client-side exception occurred while showing the dashboard.</p>
        <button type="button" data-testid="dashboard-error-boundary-reload" onClick={() => window.location.reload()}>
          Reload
        </button>
      </div>
    );
  }
}
