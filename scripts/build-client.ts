// Owns `npm run build:client`: the payers' client as a package, in client/dist.
// Leaves to client-package.ts how.
import { buildClient } from './client-package.ts';

const { bytes } = buildClient();
console.log(`client/dist: index.js, ${bytes} bytes, and its types`);
