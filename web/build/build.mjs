// Builds both applications into dist/, each file beside its .br and .gz, ready for the Go side to embed.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { build } from "vite";

const web = new URL("..", import.meta.url).pathname;
const applications = [
  { name: "console", base: "/console/" },
  { name: "portal", base: "/" },
];
const compressible = /\.(html|js|css|svg|json|txt)$/;

for (const { name, base } of applications) {
  const out = join(web, "dist", name);
  await clear(out);
  await build({
    configFile: false,
    root: join(web, name),
    base,
    plugins: [react()],
    logLevel: "warn",
    // The policy forbids inline data and code, so every asset is a file and polyfills are left out.
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2023",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      manifest: "manifest.json",
      reportCompressedSize: false,
    },
  });
  await compress(out);
}

// clear empties an output folder but for the committed placeholder, without which Go could not embed it.
async function clear(folder) {
  for (const entry of await readdir(folder)) {
    if (entry !== "placeholder.html") await rm(join(folder, entry), { recursive: true });
  }
}

async function compress(folder) {
  const files = await readdir(folder, { recursive: true });
  await Promise.all(files.filter((file) => compressible.test(file) && file !== "placeholder.html").map(async (file) => {
    const text = await readFile(join(folder, file));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    await writeFile(join(folder, `${file}.br`), await promisify(brotliCompress)(text, quality));
    await writeFile(join(folder, `${file}.gz`), await promisify(gzip)(text, { level: 9 }));
  }));
}
