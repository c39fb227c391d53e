import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './playground.css';
import { createRoot } from 'react-dom/client';
import { endpoint } from './fetcher.js';
import { Playground } from './Playground.js';
import { startViewers } from './viewers.js';

// Before anything is drawn: tokens of the address are out of it then.
startViewers(endpoint);

const root = document.getElementById('root');
if (!root) throw new Error('index.html: expected an element with the id "root", but there is none.');
createRoot(root).render(<Playground />);
