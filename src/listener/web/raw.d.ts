/** A file as text, put into the bundle: vite knows `?raw`, bin/bundle.mjs teaches it to esbuild. */
declare module '*?raw' {
  const text: string;
  export default text;
}

/** A script of the page as one text for browsers, built with all it imports; bin/bundle.mjs teaches it to esbuild and vite. */
declare module '*?script' {
  const text: string;
  export default text;
}
