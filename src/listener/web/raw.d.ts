/** A file as text, put into the bundle: vite knows `?raw`, bin/setup.mjs teaches it to esbuild. */
declare module '*?raw' {
  const text: string;
  export default text;
}
