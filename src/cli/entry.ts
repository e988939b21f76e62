/** Entry of the bundle dist/rc.cjs, which bin/rc loads. */
export { main } from './main.ts';
