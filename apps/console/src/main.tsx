import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { applyTheme } from './theme.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/runs.css';
import './styles/run.css';
import './styles/graph.css';
import './styles/pages.css';
import './styles/things.css';
import './styles/timeline.css';
import './styles/artifacts.css';

applyTheme();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
