import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './playground.css';
import { createRoot } from 'react-dom/client';
import { Playground } from './Playground.js';

const root = document.getElementById('root');
if (!root) throw new Error('index.html: expected an element with the id "root", but there is none.');
createRoot(root).render(<Playground />);
